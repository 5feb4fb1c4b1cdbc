"""An event that EventBridge could not deliver is recorded in the audit trail and kept until a person sends it back."""

from imagelabels.operations.audit_trail import archived_runs
from imagelabels.operations.dead_letters import listed, send_back
from tests.order.test_archive import status
from tests.order.world import World
from tests.resources import IMAGES, s3_event


def test_an_undelivered_upload_is_in_the_photos_story_and_among_the_dead_letters(world: World) -> None:
    event = s3_event("Object Created", "cat.jpg", "v1")
    assert world.keep_undelivered(event, ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="The role is gone.") == []
    world.archive(*world.told())
    (run,) = archived_runs(world.stack, f"{IMAGES}/cat.jpg")
    assert (run.outcome, run.version) == ("UNDELIVERED", "v1")
    assert run.said == "NO_PERMISSIONS: The role is gone."
    (message,) = listed(world.stack)
    assert message.reason == "NO_PERMISSIONS The role is gone."
    assert send_back(world.stack, message)
    assert list(world.started().values()) == [event]


def test_the_same_message_again_adds_nothing_to_the_story(world: World) -> None:
    event = s3_event("Object Deleted", "cat.jpg")
    for _again in range(2):
        world.keep_undelivered(event)
    world.archive(*world.told())
    assert [run.outcome for run in archived_runs(world.stack, f"{IMAGES}/cat.jpg")] == ["UNDELIVERED"]


def test_an_event_of_another_bucket_is_in_no_photos_story(world: World) -> None:
    event = s3_event("Object Created", "cat.jpg")
    event["detail"]["bucket"]["name"] = "elsewhere"
    assert world.keep_undelivered(event) == []
    world.archive(*world.told())
    assert [item["image_id"] for item in world.labels.scan()["Items"]] == [event["id"]]


def test_an_event_whose_time_is_none_is_in_the_photos_story(world: World) -> None:
    assert world.keep_undelivered(s3_event("Object Created", "cat.jpg") | {"time": "not a time"}) == []
    world.archive(*world.told())
    assert [run.outcome for run in archived_runs(world.stack, f"{IMAGES}/cat.jpg")] == ["UNDELIVERED"]


def test_an_event_of_no_photo_is_kept_too(world: World) -> None:
    event = status("ABORTED") | {"time": "2026-11-22T10:00:00Z"}
    assert world.keep_undelivered(event, ERROR_CODE="THROTTLING") == []
    assert [message.kind for message in listed(world.stack)] == [event["detail-type"]]
