"""Whatever is told of a run, and however often, ends as one item of the photo's story."""

import json
from typing import Any

import pytest

from archive_audit.items import instant
from tests.order.world import BUCKET, MACHINE, World, execution

PHOTO = f"{BUCKET}/cat.jpg"
STARTED_MS = 1_795_367_045_123  # 2026-11-22T17:04:05.123Z


def record(outcome: str = "LABELLED", recorded: str = "2026-11-22T17:04:09.500Z", **more: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "outcome": outcome,
        "image": {"bucket": BUCKET, "key": "cat.jpg", "versionId": "v1", "etag": None, "size": 5},
        "execution": execution("one"),
        "startedAt": "2026-11-22T17:04:05.123Z",
        "recordedAt": recorded,
        "labels": ["Cat"],
        **more,
    }


def status(outcome: str, stopped_ms: int = STARTED_MS + 5000, typed: Any = None) -> dict[str, Any]:
    typed = typed or {"bucket": BUCKET, "key": "cat.jpg"}
    return {
        "id": "1",
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "detail": {
            "executionArn": execution("one"),
            "stateMachineArn": MACHINE,
            "name": "one",
            "status": outcome,
            "startDate": STARTED_MS,
            "stopDate": stopped_ms,
            "input": json.dumps(typed),
            "error": "SQS.SdkClientException" if outcome == "FAILED" else None,
            "cause": None,
        },
    }


def test_a_record_becomes_one_item_with_all_that_it_says(world: World) -> None:
    assert world.archive(record()) == []
    assert world.runs(PHOTO) == [
        {
            "image_id": PHOTO,
            "record": "RUN#2026-11-22T17:04:05Z#one",
            "outcome": "LABELLED",
            "version": "v1",
            "size": 5,
            "execution": execution("one"),
            "labels": ["Cat"],
            "stages": {"started": "2026-11-22T17:04:05.123Z", "recorded": "2026-11-22T17:04:09.500Z"},
            "recorded_at": "2026-11-22T17:04:09.500Z",
        }
    ]


def test_archiving_twice_changes_nothing(world: World) -> None:
    world.archive(record(), status("ABORTED"))
    once = world.runs(PHOTO)
    world.archive(record(), status("ABORTED"), record())
    assert world.runs(PHOTO) == once


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_failed_runs_record_wins_over_its_status(world: World, order: list[int]) -> None:
    told = [record("FAILED", error={"name": "Bug", "cause": "a bug"}), status("FAILED")]
    world.archive(*(told[place] for place in order))
    (item,) = world.runs(PHOTO)
    assert item["error"] == {"name": "Bug", "cause": "a bug"}
    assert item["version"] == "v1"


@pytest.mark.parametrize("outcome", ["ABORTED", "TIMED_OUT"])
def test_an_execution_that_wrote_no_record_is_known_by_its_status(world: World, outcome: str) -> None:
    world.archive(status(outcome))
    (item,) = world.runs(PHOTO)
    assert (item["outcome"], item["execution"]) == (outcome, execution("one"))


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_what_a_redrive_ended_with_replaces_what_was_before(world: World, order: list[int]) -> None:
    told = [record("FAILED"), record("LABELLED", recorded="2026-11-22T18:00:00.000Z")]
    world.archive(*(told[place] for place in order))
    assert [item["outcome"] for item in world.runs(PHOTO)] == ["LABELLED"]


def test_a_late_status_of_the_first_try_does_not_hide_what_the_redrive_ended_with(world: World) -> None:
    world.archive(record("LABELLED", recorded="2026-11-22T18:00:00.000Z"), status("FAILED"))
    assert [item["outcome"] for item in world.runs(PHOTO)] == ["LABELLED"]


def test_a_redrive_that_is_aborted_is_told(world: World) -> None:
    world.archive(record("FAILED"), status("ABORTED", stopped_ms=STARTED_MS + 3_600_000))
    assert [item["outcome"] for item in world.runs(PHOTO)] == ["ABORTED"]


@pytest.mark.parametrize("message", [record("FAILED", image={}), status("ABORTED", typed={"photo": "x"})])
def test_a_run_of_no_known_photo_is_kept_under_its_execution(world: World, message: dict[str, Any]) -> None:
    world.archive(message)
    assert len(world.runs(execution("one"))) == 1


@pytest.mark.parametrize("nonsense", ["no JSON", "{}", '{"outcome": "LABELLED"}'])
def test_a_message_that_cannot_be_read_comes_back_alone(world: World, nonsense: str) -> None:
    assert world.archive(nonsense, record()) == ["0"]
    assert len(world.runs(PHOTO)) == 1


def test_times_are_written_in_one_form() -> None:
    assert instant("2026-11-22T17:04:05Z") == "2026-11-22T17:04:05.000Z"
    assert instant("2026-11-22T18:04:05.123456+01:00") == "2026-11-22T17:04:05.123Z"
