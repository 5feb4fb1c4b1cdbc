"""What each sender to a queue can make the functions do, and what it cannot: rows of docs/security.md."""

from typing import Any

import pytest

from imagelabels.operations.dead_letters import listed, send_back
from tests.order.test_archive import record
from tests.order.world import World
from tests.resources import IMAGES, execution, s3_event

PHOTO = f"{IMAGES}/cat.jpg"


@pytest.fixture
def told(world: World) -> list[dict[str, Any]]:
    """Label a photo, archive its run, and return the run."""
    world.persist("cat.jpg", world.upload("cat.jpg"), "Cat")
    world.archive(record())
    return world.runs(PHOTO)


def test_an_uploader_has_a_say_in_the_photo_of_that_key_alone(world: World, told: list[dict[str, Any]]) -> None:
    """A new version that is not a photo removes the older version's labels; other photos and all runs stay."""
    world.persist("dog.jpg", world.upload("dog.jpg"), "Dog")
    world.upload("dog.jpg", b"no photo")
    assert world.remove({"rejected": s3_event("Object Created", "dog.jpg")}) == []
    assert (world.shown("dog.jpg"), world.shown("cat.jpg")) == ([], ["IMAGE", "LABEL#Cat"])
    assert world.runs(PHOTO) == told


def test_a_sender_to_the_removals_has_only_removed_what_s3_does_not_show(
    world: World, told: list[dict[str, Any]]
) -> None:
    world.persist("gone.jpg", world.upload("gone.jpg"), "Dog")
    world.delete("gone.jpg")
    invented = [s3_event("Object Deleted", key) for key in ("cat.jpg", "gone.jpg")]
    assert world.remove(*invented, {"rejected": {"bucket": IMAGES, "key": "cat.jpg"}}) == []
    records = world.told()
    assert [(audited["outcome"], audited["image"]["key"]) for audited in records] == [("DELETED", "gone.jpg")]
    assert world.archive(*records) == []
    assert (world.shown("cat.jpg"), world.shown("gone.jpg")) == (["IMAGE", "LABEL#Cat"], [])
    assert world.runs(PHOTO) == told


def test_a_sender_to_the_audit_trail_adds_to_a_story_and_replaces_no_other_runs_record(
    world: World, told: list[dict[str, Any]]
) -> None:
    """The permission is for writing the audit trail: its holder can invent runs, but cannot replace a record."""
    invented = record("FAILED", execution=execution("invented"), startedAt="2026-11-22T17:04:05Z")
    assert (
        world.archive(invented, record("FAILED", execution="one"), record("DELETED", execution=None, event="one")) == []
    )
    assert [run for run in world.runs(PHOTO) if run["execution"] == execution("one")] == told
    assert len(world.runs(PHOTO)) == 2
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Cat"]


@pytest.mark.parametrize("name", ["one", execution("one")])
def test_a_sender_to_the_undelivered_events_adds_a_record_and_a_letter_for_a_person(
    world: World, told: list[dict[str, Any]], name: str
) -> None:
    """An event with a run's name and start does not replace the run's record. Sent back, it starts nothing."""
    event = s3_event("Object Created", "cat.jpg") | {"id": name, "time": "2026-11-22T17:04:05Z"}
    assert world.keep_undelivered(event) == []
    assert world.archive(*world.told()) == []
    assert world.runs(PHOTO) == told
    assert [send_back(world.stack, letter) for letter in listed(world.stack)] == [False]
    assert world.started() == {}
