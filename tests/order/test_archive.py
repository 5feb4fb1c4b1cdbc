"""All messages about a run become one item of the photo, however often they arrive."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from archive_audit.bounds import instant
from tests.order.world import SENT_MS, World
from tests.resources import IMAGES, MACHINE, execution, s3_event

PHOTO = f"{IMAGES}/cat.jpg"
STARTED_MS = 1_795_367_045_123  # 2026-11-22T17:04:05.123Z
RECORDED = 1_795_367_049  # 2026-11-22T17:04:09Z
SENT = datetime.fromtimestamp(SENT_MS / 1000, UTC)


def record(outcome: str = "LABELLED", recorded: str = "2026-11-22T17:04:09.500Z", **more: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "outcome": outcome,
        "image": {"bucket": IMAGES, "key": "cat.jpg", "versionId": "v1", "etag": None, "size": 5},
        "execution": execution("one"),
        "startedAt": "2026-11-22T17:04:05.123Z",
        "recordedAt": recorded,
        "labels": ["Cat"],
        **more,
    }


def status(outcome: str, stopped_ms: int = STARTED_MS + 5000, typed: Any = None, **more: Any) -> dict[str, Any]:
    typed = typed or {"bucket": IMAGES, "key": "cat.jpg"}
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
            **more,
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
            "expires_at": RECORDED + 365 * 24 * 3600,
        }
    ]


def test_archiving_twice_changes_nothing(world: World) -> None:
    world.archive(record(), status("ABORTED"))
    once = world.runs(PHOTO)
    world.archive(record(), status("ABORTED"), record())
    assert world.runs(PHOTO) == once


def test_a_duplicate_is_archived_with_the_photo_that_its_input_names(world: World) -> None:
    event = s3_event("Object Created", "cat.jpg", "v1")
    world.archive(record("SUPERSEDED", image={}, input=event, labels=[]))
    (item,) = world.runs(PHOTO)
    assert (item["outcome"], item["execution"]) == ("SUPERSEDED", execution("one"))


@pytest.mark.parametrize(
    "typed", [{}, "cat.jpg", {"bucket": "elsewhere", "key": "cat.jpg"}, s3_event("Object Deleted", "cat.jpg"), None]
)
def test_an_input_that_names_no_photo_leaves_the_record_with_the_execution(world: World, typed: Any) -> None:
    assert world.archive(record("SUPERSEDED", image={}, input=typed, labels=[])) == []
    assert world.runs(PHOTO) == []
    assert len(world.runs(execution("one"))) == 1


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


@pytest.mark.parametrize("nonsense", ["not JSON", "{}", '{"outcome": "LABELLED"}'])
def test_a_message_that_cannot_be_read_comes_back_alone(world: World, nonsense: str) -> None:
    assert world.archive(nonsense, record()) == ["0"]
    assert len(world.runs(PHOTO)) == 1


def test_times_are_written_in_one_form() -> None:
    assert instant("2026-11-22T17:04:05Z", SENT) == "2026-11-22T17:04:05.000Z"
    assert instant("2026-11-22T18:04:05.123456+01:00", SENT) == "2026-11-22T17:04:05.123Z"


def test_a_run_is_forgotten_after_the_days_that_the_setting_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEP_RUNS_DAYS", "30")
    world.archive(record())
    (item,) = world.runs(PHOTO)
    assert item["expires_at"] == RECORDED + 30 * 24 * 3600


TRACE = json.dumps(
    {"errorMessage": "The role may not\ndo it.", "errorType": "AccessDeniedError", "stackTrace": ["x" * 99]}
)


@pytest.mark.parametrize(
    "told",
    [
        record("FAILED", error={"name": "AccessDeniedError", "cause": TRACE}),
        status("FAILED", error="AccessDeniedError", cause=TRACE),
    ],
)
def test_of_an_error_its_name_and_one_sentence_are_kept(world: World, told: dict[str, Any]) -> None:
    """The stack trace is in the function's log."""
    world.archive(told)
    (item,) = world.runs(PHOTO)
    assert item["error"] == {"name": "AccessDeniedError", "cause": "The role may not·do it."}


UNTELLABLE: list[dict[str, Any]] = [
    {"startedAt": "not a time", "recordedAt": "0001-01-01T00:00:00+14:00"},
    {"startedAt": 7, "recordedAt": None},
    {"image": {"bucket": IMAGES, "key": "k" * 240_000}},
    {"image": {"bucket": IMAGES, "key": "\ud800"}},
    {"image": "cat.jpg"},
    {"execution": execution("n" * 240_000)},
    {"execution": None, "event": "e" * 240_000},
    {"labels": ["l" * 240_000] * 3},
    {"labels": [str(number) for number in range(9000)]},
    {"labels": {"a": "b"}},
    {"error": {"name": "n" * 240_000, "cause": "c" * 240_000}},
    {"error": {"cause": ["c"], "name": {}}},
    {"error": "a bug"},
    {"image": {"bucket": IMAGES, "key": "cat.jpg", "versionId": 7, "etag": "e" * 240_000, "size": 1.5}},
    {"image": {"bucket": IMAGES, "key": "cat.jpg", "size": 10**40}},
    {"outcome": "o" * 240_000, "restarted": "r" * 240_000},
]


@pytest.mark.parametrize("told", UNTELLABLE, ids="-".join)
def test_whatever_a_record_says_it_is_archived_as_far_as_it_can_be_told(world: World, told: dict[str, Any]) -> None:
    """A refused record would be retried five times and become a dead letter that cannot be sent back."""
    assert world.archive(record(**told)) == []
    (item,) = world.labels.scan()["Items"]
    assert len(json.dumps(item, default=str)) < 40_000
    assert item["stages"]["started"].startswith("2026-11-22T17:04:05.")


def test_a_time_that_is_none_is_when_the_trail_was_told_and_the_same_each_time(world: World) -> None:
    told = record(startedAt="not a time", recordedAt="not a time")
    world.archive(told, told)
    (item,) = world.runs(PHOTO)
    assert item["recorded_at"] == item["stages"]["started"] == SENT.isoformat(timespec="milliseconds")[:-6] + "Z"


@pytest.mark.parametrize(
    "odd",
    [
        {"startDate": 10**30, "stopDate": "late"},
        {"input": "[" * 100_000},
        {"input": 7},
        {"input": json.dumps({"bucket": IMAGES, "key": "k" * 240_000})},
        {"error": "e" * 240_000, "cause": "c" * 240_000},
        {"error": "Nested", "cause": "[" * 100_000},
    ],
    ids="-".join,
)
def test_whatever_a_status_says_it_is_archived(world: World, odd: dict[str, Any]) -> None:
    assert world.archive(status("ABORTED", **odd)) == []
    assert len(world.labels.scan()["Items"]) == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"bucket": "elsewhere", "key": "cat.jpg"},
        {"detail": {"about": "nothing"}, "bucket": IMAGES, "key": "cat.jpg"},
        {"detail-type": "Object Deleted", "detail": {"bucket": {"name": IMAGES}, "object": {"key": "cat.jpg"}}},
    ],
)
def test_a_run_that_could_not_begin_is_told_under_its_own_name(world: World, typed: dict[str, Any]) -> None:
    """Its input is unchecked text, so the run is not archived under a photo."""
    world.archive(status("FAILED", typed=typed), record("FAILED", image=dict.fromkeys(("bucket", "key"))))
    assert world.runs(PHOTO) == []
    assert [item["outcome"] for item in world.runs(execution("one"))] == ["FAILED"]


def test_a_record_about_a_photo_of_another_bucket_is_told_under_its_execution(world: World) -> None:
    world.archive(record(image={"bucket": "elsewhere", "key": "cat.jpg"}))
    assert [item["image_id"] for item in world.labels.scan()["Items"]] == [execution("one")]


FORGED: list[dict[str, Any]] = [
    {"execution": execution("one").replace("label-image", "another-machine")},
    {"execution": "one"},
    {"execution": None, "event": "one"},
    {"execution": None, "event": execution("one")},
]


@pytest.mark.parametrize("who", FORGED)
def test_a_record_never_replaces_that_of_another_run(world: World, who: dict[str, Any]) -> None:
    """Of the same name, of the same second, and later."""
    world.archive(record())
    genuine = world.runs(PHOTO)
    assert world.archive(record("DELETED", recorded="2027-01-01T00:00:00.000Z", **who)) == []
    assert world.runs(PHOTO) == genuine


def test_a_status_never_replaces_the_record_of_another_run(world: World) -> None:
    world.archive(record(execution=execution("one").replace("label-image", "another-machine")))
    genuine = world.runs(PHOTO)
    world.archive(status("ABORTED", stopped_ms=STARTED_MS + 3_600_000))
    assert world.runs(PHOTO) == genuine
