"""An event that is delivered twice makes one report. An execution that a person starts makes its own."""

import io
from typing import Any

import pytest
from PIL import Image

from imagelabels_shared import executions
from imagelabels_shared.errors import DuplicateEventError, ImageNotFoundError
from imagelabels_shared.table.claims import Version, claim
from tests.order.world import World
from tests.resources import IMAGES, MACHINE, by_eventbridge, execution, s3_event
from validate_image import duplicates


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (100, 100)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def created(world: World) -> dict[str, Any]:
    return s3_event("Object Created", "cat.jpg", world.upload("cat.jpg", photo()))


def test_the_second_delivery_of_an_event_is_a_duplicate_and_names_the_first(
    world: World, created: dict[str, Any]
) -> None:
    first = by_eventbridge(created)
    world.validate(created, first)
    with pytest.raises(DuplicateEventError, match=first):
        world.validate(created, by_eventbridge(created))


def test_two_events_that_name_no_version_are_duplicates_when_they_find_the_same_one(world: World) -> None:
    world.upload("cat.jpg", photo())
    first, second = (s3_event("Object Created", "cat.jpg") for _ in range(2))
    world.validate(first, by_eventbridge(first))
    with pytest.raises(DuplicateEventError):
        world.validate(second, by_eventbridge(second))


def test_a_retry_of_the_first_execution_is_no_duplicate(world: World, created: dict[str, Any]) -> None:
    arn = by_eventbridge(created)
    assert world.validate(created, arn) == world.validate(created, arn)


def ended(world: World, arn: str, *, failed: bool) -> None:
    """Let an execution exist that has ended without success, or that still runs."""
    name = arn.rsplit(":", 1)[-1]
    world.states.start_execution(stateMachineArn=MACHINE, name=name, input="{}")
    if failed:
        world.states.stop_execution(executionArn=arn)


def test_a_replay_of_an_event_whose_run_failed_is_no_duplicate(world: World, created: dict[str, Any]) -> None:
    """EventBridge replays an archive's events with their ids; the claim belongs to the replay's execution then."""
    first, replay = by_eventbridge(created), by_eventbridge(created)
    ended(world, first, failed=True)
    world.validate(created, first)
    assert world.validate(created | {"replay-name": "after-the-outage"}, replay)["key"] == "cat.jpg"
    (claimed,) = world.claims.scan()["Items"]
    assert claimed["execution"] == replay
    ended(world, replay, failed=False)
    for repeated in (first, by_eventbridge(created)):
        with pytest.raises(DuplicateEventError, match=replay):
            world.validate(created, repeated)


def test_of_two_replays_at_the_same_time_one_labels(
    world: World, created: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one replaces the claim after it was seen to be that of a failed execution."""
    first, other = by_eventbridge(created), by_eventbridge(created)
    ended(world, first, failed=True)
    ended(world, other, failed=False)
    world.validate(created, first)

    def then_another_takes_over(execution: str) -> bool:
        failed = executions.has_failed(execution)
        if execution == first:
            claim(Version(IMAGES, "cat.jpg", created["detail"]["object"]["version-id"]), other, instead_of=first)
        return failed

    monkeypatch.setattr(duplicates, "has_failed", then_another_takes_over)
    with pytest.raises(DuplicateEventError, match=other):
        world.validate(created, by_eventbridge(created))


def test_a_run_that_is_still_going_on_keeps_its_claim(world: World, created: dict[str, Any]) -> None:
    first = by_eventbridge(created)
    ended(world, first, failed=False)
    world.validate(created, first)
    with pytest.raises(DuplicateEventError, match=first):
        world.validate(created, by_eventbridge(created))


@pytest.mark.parametrize("name", ["5b0f9a0c-6f4e-4c38-9a0e-0c1d2e3f4a5b", "again", "restored-1"])
def test_a_person_may_start_the_same_event_again(world: World, created: dict[str, Any], name: str) -> None:
    """The console copies the input, the event's id included, but names the execution with one UUID."""
    world.validate(created, by_eventbridge(created))
    assert world.validate(created, execution(name))["key"] == "cat.jpg"


def test_what_a_person_typed_is_no_duplicate(world: World, created: dict[str, Any]) -> None:
    world.validate(created, by_eventbridge(created))
    assert world.validate({"bucket": IMAGES, "key": "cat.jpg"}, by_eventbridge(created))["key"] == "cat.jpg"


def test_a_newer_version_is_no_duplicate_of_the_older_one(world: World, created: dict[str, Any]) -> None:
    world.validate(created, by_eventbridge(created))
    newer = s3_event("Object Created", "cat.jpg", world.upload("cat.jpg", photo()))
    assert world.validate(newer, by_eventbridge(newer))["versionId"] == newer["detail"]["object"]["version-id"]


def test_a_rejection_is_not_told_twice(world: World) -> None:
    empty = s3_event("Object Created", "cat.jpg", world.upload("cat.jpg", b""))
    with pytest.raises(Exception, match="empty"):
        world.validate(empty, by_eventbridge(empty))
    with pytest.raises(DuplicateEventError):
        world.validate(empty, by_eventbridge(empty))


@pytest.mark.parametrize("version", [None, "a version that never was"])
def test_an_event_of_a_photo_that_is_gone_claims_nothing(world: World, version: str | None) -> None:
    event = s3_event("Object Created", "gone.jpg", version)
    with pytest.raises(ImageNotFoundError):
        world.validate(event, by_eventbridge(event))
    assert world.claims.scan()["Items"] == []
