"""`imagelabels trail` lists the runs of a photo in order."""

from imagelabels.operations.audit_trail import archived_runs
from tests.order.test_archive import PHOTO, record, status
from tests.order.world import World
from tests.resources import execution


def test_a_photos_story_is_told_in_order_with_reasons(world: World) -> None:
    rejected = record("REJECTED", error={"name": "EmptyImageError", "cause": "The file is empty."}, labels=[])
    rejected |= {"execution": execution("a"), "startedAt": "2026-11-22T17:04:05.900Z"}
    deleted = {**record("DELETED", labels=[]), "event": "e", "startedAt": "2026-11-23T00:00:00Z"}
    del deleted["execution"]
    world.archive(deleted, rejected, record())
    told = archived_runs(world.stack, PHOTO)
    assert [(run.outcome, run.said) for run in told] == [
        ("LABELLED", "Cat"),
        ("REJECTED", "EmptyImageError: The file is empty."),
        ("DELETED", ""),
    ]


def test_the_story_of_an_execution_without_a_photo_is_under_its_arn(world: World) -> None:
    world.archive(status("TIMED_OUT", typed={"photo": "x"}))
    assert [run.outcome for run in archived_runs(world.stack, execution("one"))] == ["TIMED_OUT"]


def test_nothing_is_told_of_an_unknown_photo(world: World) -> None:
    assert archived_runs(world.stack, "images/never.jpg") == []
