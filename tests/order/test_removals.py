"""Labels of a deleted photo leave the table, whatever happens at the same moment; its runs stay."""

from collections.abc import Callable
from typing import Any

import pytest

from imagelabels_shared.errors import DuplicateEventError, ServiceUnavailableError, SupersededError
from imagelabels_shared.table import labels
from persist_labels import handler as persisting
from remove_labels import handler as removing
from tests.order.test_archive import record
from tests.order.world import World
from tests.resources import IMAGES, MACHINE, by_eventbridge, execution, s3_event


def test_a_deleted_photo_leaves_the_table_and_its_story_stays(world: World) -> None:
    version = world.upload("cat.jpg")
    world.persist("cat.jpg", version, "Cat", "Pet")
    world.labels.put_item(Item={"image_id": f"{IMAGES}/cat.jpg", "record": "RUN#2026#one", "outcome": "LABELLED"})
    world.delete("cat.jpg")
    assert world.remove(event := s3_event("Object Deleted", "cat.jpg")) == []
    assert world.shown("cat.jpg") == []
    assert len(world.runs(f"{IMAGES}/cat.jpg")) == 1
    (record,) = world.told()
    assert (record["outcome"], record["event"]) == ("DELETED", event["id"])
    assert record["image"] == {"bucket": IMAGES, "key": "cat.jpg"}


def test_an_old_version_that_goes_changes_nothing(world: World) -> None:
    old, new = world.upload("cat.jpg"), world.upload("cat.jpg")
    world.persist("cat.jpg", new, "Cat")
    world.delete("cat.jpg", old)
    world.remove(s3_event("Object Deleted", "cat.jpg", old))
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]
    assert (world.told(), world.started()) == ([], {})


def test_a_late_deletion_event_does_not_touch_the_photo_that_came_after_it(world: World) -> None:
    world.upload("cat.jpg")
    world.delete("cat.jpg")
    world.persist("cat.jpg", world.upload("cat.jpg"), "Cat")
    world.remove(s3_event("Object Deleted", "cat.jpg"))
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]


def test_a_rejected_newer_version_takes_the_older_ones_labels_away_and_starts_nothing(world: World) -> None:
    world.persist("cat.jpg", world.upload("cat.jpg"), "Cat")
    newer = world.upload("cat.jpg", b"no photo")
    world.remove({"rejected": s3_event("Object Created", "cat.jpg", newer)})
    assert world.shown("cat.jpg") == []
    assert (world.told(), world.started()) == ([], {})


def test_what_a_person_typed_asks_for_a_removal_too(world: World) -> None:
    world.persist("cat.jpg", version := world.upload("cat.jpg"), "Cat")
    world.upload("cat.jpg", b"no photo")
    world.remove({"rejected": {"bucket": IMAGES, "key": "cat.jpg", "versionId": version}})
    assert world.shown("cat.jpg") == []


def test_a_rejection_is_never_taken_for_a_deletion(world: World) -> None:
    """An identity that may start executions chooses the input, which the workflow passes on."""
    version = world.upload("cat.jpg")
    world.archive(record())
    world.persist("cat.jpg", version, "Cat")
    invented = s3_event("Object Deleted", "cat.jpg", version)
    assert world.remove({"rejected": invented}, {"rejected": s3_event("Object Deleted", "never there.jpg")}) == []
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]
    assert [run["outcome"] for run in world.runs(f"{IMAGES}/cat.jpg")] == ["LABELLED"]
    assert (world.told(), world.started()) == ([], {})


def test_an_invented_deletion_of_a_photo_that_is_there_changes_nothing(world: World) -> None:
    """The function asks S3, so a sender to the queue cannot have an existing photo recorded as deleted."""
    world.persist("cat.jpg", world.upload("cat.jpg"), "Cat")
    world.remove(s3_event("Object Deleted", "cat.jpg"))
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]
    assert (world.told(), world.started()) == ([], {})


def test_an_invented_deletion_with_the_name_of_a_run_does_not_overwrite_it(world: World) -> None:
    """Also when the photo is gone, and the run has the name and the second that the event claims."""
    world.archive(record())
    genuine = world.runs(f"{IMAGES}/cat.jpg")
    world.remove(s3_event("Object Deleted", "cat.jpg") | {"id": execution("one"), "time": "2026-11-22T17:04:05Z"})
    (told,) = world.told()
    assert told["outcome"] == "DELETED"
    assert world.archive(told) == []
    assert world.runs(f"{IMAGES}/cat.jpg") == genuine


@pytest.mark.parametrize(
    "message",
    [
        {"bucket": IMAGES, "key": "cat.jpg"},
        s3_event("Object Created", "cat.jpg"),
        {"rejected": {"bucket": "elsewhere", "key": "cat.jpg"}},
        {"rejected": "cat.jpg"},
        s3_event("Object Deleted", "k" * 1025),
    ],
)
def test_a_message_that_is_neither_a_deletion_nor_a_rejection_comes_back(world: World, message: dict[str, Any]) -> None:
    assert world.remove(message) == ["0"]


def test_an_older_version_that_is_the_photo_again_is_labelled_once(world: World) -> None:
    old, new = world.upload("cat.jpg"), world.upload("cat.jpg")
    world.persist("cat.jpg", new, "Cat")
    world.delete("cat.jpg", new)
    event = s3_event("Object Deleted", "cat.jpg", new)
    world.remove(event, event)
    assert world.shown("cat.jpg") == []
    assert world.started() == {f"restored-{event['id']}": {"bucket": IMAGES, "key": "cat.jpg", "versionId": old}}
    assert {record["outcome"] for record in world.told()} == {"RESTORED"}


def test_no_second_execution_for_an_upload_that_is_being_labelled(world: World) -> None:
    """The running execution holds the claim; it will write the labels itself."""
    old, new = world.upload("cat.jpg"), world.upload("cat.jpg")
    running = world.states.start_execution(stateMachineArn=MACHINE, name="running", input="{}")["executionArn"]
    _claim(world, new, running)
    world.delete("cat.jpg", old)
    world.remove(s3_event("Object Deleted", "cat.jpg", old))
    assert list(world.started()) == ["running"]


def test_an_execution_that_labelled_the_version_before_gives_its_claim_up(world: World) -> None:
    """So a late event of the version is a duplicate of the execution that labels it now."""
    old, new = world.upload("cat.jpg", b"x" * 10), world.upload("cat.jpg")
    before = world.states.start_execution(stateMachineArn=MACHINE, name="before", input="{}")["executionArn"]
    world.states.stop_execution(executionArn=before)
    _claim(world, old, before)
    world.delete("cat.jpg", new)
    world.remove(deleted := s3_event("Object Deleted", "cat.jpg", new))
    created = s3_event("Object Created", "cat.jpg", old)
    with pytest.raises(DuplicateEventError, match=f"restored-{deleted['id']}"):
        world.validate(created, by_eventbridge(created))


def test_a_claim_of_an_execution_that_was_never_started_stops_nothing(world: World) -> None:
    old, new = world.upload("cat.jpg"), world.upload("cat.jpg")
    _claim(world, old, execution("restored-never"))
    world.delete("cat.jpg", new)
    assert world.remove(event := s3_event("Object Deleted", "cat.jpg", new)) == []
    assert list(world.started()) == [f"restored-{event['id']}"]


def _claim(world: World, version: str, arn: str) -> None:
    world.claims.put_item(Item={"id": f"VERSION#{version}#{IMAGES}/cat.jpg", "execution": arn})


def test_the_late_event_of_a_version_that_was_labelled_as_restored_is_a_duplicate(world: World) -> None:
    older, old, new = (world.upload("cat.jpg", b"x" * 10) for _ in range(3))
    world.delete("cat.jpg", new)
    world.remove(deleted := s3_event("Object Deleted", "cat.jpg", new))
    created = s3_event("Object Created", "cat.jpg", old)
    with pytest.raises(Exception, match=f"restored-{deleted['id']}"):
        world.validate(created, by_eventbridge(created))
    assert older not in str(world.started())


def test_lifecycle_rules_bring_nothing_back(world: World) -> None:
    old, _new = world.upload("cat.jpg"), world.upload("cat.jpg", b"no photo")
    world.delete("cat.jpg", old)
    world.remove(s3_event("Object Deleted", "cat.jpg", old, reason="Lifecycle Expiration"))
    assert world.started() == {}


def test_the_end_of_an_old_version_is_told_apart_from_the_photos_deletion(world: World) -> None:
    """A month after the deletion; the photo's story has one DELETED, and the version that expired."""
    version = world.upload("cat.jpg")
    world.persist("cat.jpg", version, "Cat")
    world.delete("cat.jpg")
    world.remove(s3_event("Object Deleted", "cat.jpg"))
    world.delete("cat.jpg", version)
    world.remove(s3_event("Object Deleted", "cat.jpg", version, reason="Lifecycle Expiration"))
    deleted, expired = sorted(world.told(), key=lambda record: record["outcome"])
    assert (deleted["outcome"], deleted["image"]) == ("DELETED", {"bucket": IMAGES, "key": "cat.jpg"})
    assert expired["outcome"] == "EXPIRED"
    assert expired["image"] == {"bucket": IMAGES, "key": "cat.jpg", "versionId": version}
    assert world.archive(deleted, expired) == []
    assert {run["outcome"] for run in world.runs(f"{IMAGES}/cat.jpg")} == {"DELETED", "EXPIRED"}


def _between(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, act: Callable[[], object]) -> None:
    """Let something else happen once, right after the function `name` has answered."""
    plain, waiting = getattr(where, name), [act]

    def then(*arguments: Any) -> Any:
        answer = plain(*arguments)
        if waiting:
            waiting.pop()()
        return answer

    monkeypatch.setattr(where, name, then)


@pytest.mark.parametrize("labelled_before", [True, False])
def test_a_deletion_in_the_middle_of_labelling_ends_deleted(
    world: World, monkeypatch: pytest.MonkeyPatch, *, labelled_before: bool
) -> None:
    """S3 still showed the version when it was asked; the removal is over before the labels are written."""
    version = world.upload("cat.jpg")
    if labelled_before:
        world.persist("cat.jpg", version, "Cat")

    def delete() -> None:
        world.delete("cat.jpg")
        world.remove(s3_event("Object Deleted", "cat.jpg"))

    _between(monkeypatch, persisting, "require_newest", delete)
    with pytest.raises(ServiceUnavailableError):
        world.persist("cat.jpg", version, "Cat")
    with pytest.raises(SupersededError):
        world.persist("cat.jpg", version, "Cat")
    assert world.shown("cat.jpg") == []


def test_labels_written_in_the_middle_of_a_removal_are_removed_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = world.upload("cat.jpg")
    _between(monkeypatch, removing, "read", lambda: _persist_then_delete(world, version))
    assert world.remove(s3_event("Object Deleted", "cat.jpg")) == []
    assert world.shown("cat.jpg") == []


def _persist_then_delete(world: World, version: str) -> None:
    world.persist("cat.jpg", version, "Cat")
    world.delete("cat.jpg")


def test_a_removal_that_never_gets_through_comes_again_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("cat.jpg", "dog.jpg"):
        world.persist(key, world.upload(key), "Pet")
        world.delete(key)
    plain = labels.read

    def read_behind_the_times(photo: str) -> labels.Seen:
        seen = plain(photo)
        return seen._replace(removal="another") if photo.endswith("cat.jpg") else seen

    monkeypatch.setattr(removing, "read", read_behind_the_times)
    assert world.remove(s3_event("Object Deleted", "cat.jpg"), s3_event("Object Deleted", "dog.jpg")) == ["0"]
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Pet"]
    assert world.shown("dog.jpg") == []


def test_labelling_after_a_removal_works_again(world: World) -> None:
    world.upload("cat.jpg")
    world.delete("cat.jpg")
    world.remove(s3_event("Object Deleted", "cat.jpg"))
    world.persist("cat.jpg", world.upload("cat.jpg"), "Cat", arn=execution("two"))
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]


def test_a_photo_that_was_restored_from_an_archive_is_labelled_once(world: World) -> None:
    """Its upload was rejected, and that run still has the claim of the version."""
    version = world.upload("cat.jpg")
    _claim(world, version, _ended(world, "rejected"))
    event = restored("cat.jpg", version)
    assert world.remove(event, event) == []
    started = world.started()
    assert started.pop("rejected") == {}
    assert started == {f"restored-{event['id']}": {"bucket": IMAGES, "key": "cat.jpg", "versionId": version}}
    assert {record["outcome"] for record in world.told()} == {"RESTORED"}


def test_a_restored_photo_that_has_its_labels_is_left_alone(world: World) -> None:
    """Labelled years ago, then archived by a lifecycle rule: nobody pays for Rekognition again."""
    version = world.upload("cat.jpg")
    world.persist("cat.jpg", version, "Cat")
    assert world.remove(restored("cat.jpg", version)) == []
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]
    assert (world.told(), world.started()) == ([], {})


def test_an_older_version_that_was_restored_is_not_labelled(world: World) -> None:
    older = world.upload("cat.jpg")
    world.upload("cat.jpg")
    world.remove(restored("cat.jpg", older))
    world.delete("cat.jpg")
    world.remove(restored("cat.jpg", older))
    assert (world.told(), world.started()) == ([], {})


def restored(key: str, version: str) -> dict[str, Any]:
    """Return the event that S3 sends when a restored copy can be read."""
    event = s3_event("Object Restore Completed", key, version)
    del event["detail"]["reason"]
    event["detail"] |= {"restore-expiry-time": "2026-12-01T00:00:00Z", "source-storage-class": "DEEP_ARCHIVE"}
    return event


def _ended(world: World, name: str) -> str:
    arn = world.states.start_execution(stateMachineArn=MACHINE, name=name, input="{}")["executionArn"]
    world.states.stop_execution(executionArn=arn)
    return arn
