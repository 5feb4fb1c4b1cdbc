"""`imagelabels reconcile` finds and fixes disagreements between bucket, table and executions, however many photos."""

import json
import random
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from heapq import merge

import pytest

from imagelabels.commands.reconcile import _line, _summary
from imagelabels.operations import reconciliation
from imagelabels.operations.external_sort import ROWS_IN_MEMORY, Row, sorted_on_disk
from imagelabels.operations.reconciliation import ENDED, MEANS, SHOWN, STORED, Compared, Disagreement, compare
from tests.order.test_archive import record, status
from tests.order.world import World
from tests.resources import IMAGES, MACHINE, execution, s3_event

AT_ONCE = timedelta(seconds=-60)


def found(world: World, grace: timedelta = AT_ONCE, patience: timedelta = timedelta(days=1)) -> set[tuple[str, str]]:
    findings = reconciliation.disagreements(world.stack, grace=grace, patience=patience)
    return {(finding.photo.removeprefix(f"{IMAGES}/"), finding.problem) for finding in findings}


def ended(world: World, key: str, version: str, outcome: str) -> None:
    image = {"bucket": IMAGES, "key": key, "versionId": version}
    world.archive(record(outcome, image=image))


def test_a_bucket_where_everything_agrees_has_no_disagreements(world: World) -> None:
    keys = ["Z.jpg", "a b+c.jpg", "a/b.jpg", "ünï.jpg", "日本 📷.jpg", "\ufb01.jpg"]
    for key in keys:
        world.upload(key, b"older")
        world.persist(key, world.upload(key), "Cat")
    ended(world, "no photo.txt", world.upload("no photo.txt"), "REJECTED")
    world.upload("folder/")
    world.upload("gone.jpg")
    world.delete("gone.jpg")
    assert found(world) == set()


def test_each_disagreement_has_its_name(world: World) -> None:
    world.upload("never.jpg")
    ended(world, "failed.jpg", world.upload("failed.jpg"), "FAILED")
    world.persist("newer.jpg", world.upload("newer.jpg"), "Cat")
    world.upload("newer.jpg")
    world.persist("stale.jpg", world.upload("stale.jpg"), "Cat")
    ended(world, "stale.jpg", world.upload("stale.jpg"), "REJECTED")
    world.persist("orphan.jpg", world.upload("orphan.jpg"), "Cat")
    world.delete("orphan.jpg")
    assert found(world) == {
        ("never.jpg", "unlabelled"),
        ("failed.jpg", "failed"),
        ("newer.jpg", "unlabelled"),
        ("stale.jpg", "stale"),
        ("orphan.jpg", "orphaned"),
    }


def test_an_aborted_run_is_known_though_it_told_no_version(world: World) -> None:
    world.upload("cat.jpg")
    world.archive(status("ABORTED"))
    assert found(world) == {("cat.jpg", "failed")}


def test_a_new_photo_is_given_time(world: World) -> None:
    world.upload("new.jpg")
    assert found(world, grace=timedelta(minutes=15)) == set()


def test_a_new_photo_whose_run_has_failed_is_given_none(world: World) -> None:
    """Though its run is not archived yet: Step Functions knows how it ended."""
    world.upload("cat.jpg")
    typed = f'{{"bucket": "{IMAGES}", "key": "cat.jpg"}}'
    world.states.start_execution(stateMachineArn=MACHINE, name="stopped", input=typed)
    world.states.start_execution(stateMachineArn=MACHINE, name="odd", input="{}")
    for name in ("stopped", "odd"):
        world.states.stop_execution(executionArn=execution(name))
    assert found(world, grace=timedelta(minutes=15)) == {("cat.jpg", "failed")}


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ((3, 0, 0, 0), "Compared 3 photos: all agree."),
        ((1, 0, 0, 0), "Compared 1 photo: all agree."),
        ((3, 2, 0, 0), "1 agrees; 2 are newer than 15 minutes and were not judged (`--grace 0` judges them)."),
        ((3, 1, 1, 1), "1 disagreement; 1 is newer than 15 minutes and was not judged (`--grace 0` judges them)."),
        ((1_200, 0, 9, 9), "Compared 1,200 photos: 9 disagreements."),
    ],
)
def test_the_summary_says_what_was_not_judged(counts: tuple[int, int, int, int], says: str) -> None:
    photos, young, many, left = counts
    assert _summary(Compared(photos, young), many, left, 15, fix=False).endswith(says)


def test_the_summary_of_a_fix_does_not_say_that_all_is_well() -> None:
    assert _summary(Compared(3), 3, 1, 15, fix=True) == (
        "Compared 3 photos: 3 disagreements; 2 being mended (`imagelabels watch` shows how runs end); "
        "1 left to a person."
    )
    failed = Disagreement("images/cat.jpg", "failed", "v1")
    assert _line(failed, fixed=True) == f"images/cat.jpg: {MEANS['failed']}: started again"
    assert _line(failed, fixed=False) == f"images/cat.jpg: {MEANS['failed']}"


def test_a_photo_that_is_being_labelled_is_not_missing_until_its_execution_hangs(world: World) -> None:
    world.upload("cat.jpg")
    typed = f'{{"bucket": "{IMAGES}", "key": "cat.jpg"}}'
    world.states.start_execution(stateMachineArn=MACHINE, name="slow", input=typed)
    world.states.start_execution(stateMachineArn=MACHINE, name="odd", input="{}")
    assert found(world) == set()
    hanging = {problem for _photo, problem in found(world, patience=AT_ONCE)}
    assert hanging == {"hanging"}


def test_an_older_versions_run_is_not_the_newest_ones(world: World) -> None:
    """As AWS's events name their version: a run that hangs, and one that was aborted after the newest was rejected."""
    older = s3_event("Object Created", "cat.jpg", world.upload("cat.jpg"), reason="PutObject")
    world.states.start_execution(stateMachineArn=MACHINE, name="slow", input=json.dumps(older))
    world.upload("cat.jpg")
    assert found(world) == {("cat.jpg", "unlabelled")}
    world.states.stop_execution(executionArn=execution("slow"))
    version = world.upload("cat.jpg", b"no photo")
    ended(world, "cat.jpg", version, "REJECTED")
    world.archive(status("ABORTED", typed=older, executionArn=execution("slow")))
    assert found(world) == set()


def test_fix_starts_what_is_missing_and_has_leftovers_removed(world: World) -> None:
    version = world.upload("never.jpg")
    world.persist("orphan.jpg", world.upload("orphan.jpg"), "Cat")
    world.delete("orphan.jpg")
    every = list(reconciliation.disagreements(world.stack, grace=AT_ONCE, patience=timedelta(days=1)))
    assert [reconciliation.fix(world.stack, finding) for finding in every] == [True, True]
    assert list(world.started().values()) == [{"bucket": IMAGES, "key": "never.jpg", "versionId": version}]
    world.remove(*world.told("RemovalQueueUrl"))
    assert found(world) == set()


def test_a_hanging_execution_is_left_to_a_person(world: World) -> None:
    assert not reconciliation.fix(world.stack, Disagreement("images/cat.jpg", "hanging", execution="arn"))
    assert world.started() == {}


def test_sorting_on_disk_sorts() -> None:
    rows: list[Row] = [(str(number), "shown") for number in range(2 * ROWS_IN_MEMORY + 7)]
    random.Random(3).shuffle(rows)  # noqa: S311  # an order, not a secret
    assert list(sorted_on_disk(rows)) == sorted(rows)


def _peak(photos: int) -> int:
    """Compare a library of which one photo in a thousand has no labels; return the most memory it took, in bytes."""
    tracemalloc.start()
    rows = merge(_library(photos), sorted_on_disk(_table(photos)))
    problems = sum(1 for _disagreement in compare(rows))
    _current, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problems == photos // 1000
    return peak


@pytest.mark.soak
def test_a_larger_library_takes_no_more_memory() -> None:
    """Three times the photos, hardly more memory: that of one sorted run, and a buffer for each run on disk."""
    assert _peak(30_000) < 1.5 * _peak(10_000)


def _library(photos: int) -> Iterator[Row]:
    return ((f"images/{number:08}.jpg", STORED, "v1", "settled") for number in range(photos))


def _table(photos: int) -> Iterator[Row]:
    """Every photo but one in a thousand has its labels; each has a run. The table gives them in no order."""
    for step in range(photos):
        number = step * 7919 % photos
        photo = f"images/{number:08}.jpg"
        if number % 1000:
            yield photo, SHOWN, "v1"
            yield photo, ENDED, "2026-11-22T17:04:09.500Z", "LABELLED", "v1"
