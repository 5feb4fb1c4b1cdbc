"""Executions as the command line lists and describes them: the newest first, and each with its outcome and state."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from imagelabels.stack import executions
from imagelabels.stack.follow import Follower
from tests.unit.recorded import Recorded, rejection


@pytest.fixture
def recorded(aws: None) -> Recorded:  # noqa: ARG001  # the fixture's effect
    return Recorded()


def names(found: list[executions.Execution]) -> list[str]:
    return [one.arn.rsplit(":", 1)[-1] for one in found]


def test_the_newest_executions_come_first_over_several_pages(recorded: Recorded) -> None:
    for minute in (3, 1, 5, 2, 4):
        recorded.add(f"at-{minute}", "SUCCEEDED", minute, output="{}")
    assert names(executions.newest(recorded.stack(), 3)) == ["at-5", "at-4", "at-3"]
    assert len(executions.newest(recorded.stack(), 20)) == 5


def test_the_runs_of_a_photo_that_the_table_may_not_have_are_found(recorded: Recorded) -> None:
    """They run, or ended just now; moto's clock and ours are one."""
    now = datetime.now(UTC)
    recorded.add("old", "FAILED", 1)
    recorded.add("hangs", "RUNNING", 2)
    recorded.add("other", "FAILED", 3, "dog.jpg", stopDate=now)
    recorded.add("elsewhere", "FAILED", 4, bucket="another", stopDate=now)
    recorded.add("stopped", "ABORTED", 5, stopDate=now)
    assert names(executions.not_archived(recorded.stack(), "cat.jpg")) == ["stopped", "hangs"]


def test_executions_that_are_listed_in_any_order_are_the_newest_first(recorded: Recorded) -> None:
    for second in (3, 1, 2):
        arn = recorded.add(f"at-{second}", "SUCCEEDED", 1, output="{}")
        recorded.executions[arn]["startDate"] += timedelta(milliseconds=second)
    listed = recorded.stack()
    with pytest.MonkeyPatch.context() as patched:
        entries = sorted(recorded.executions.values(), key=lambda one: str(one["executionArn"]))
        patched.setattr(executions, "entries_of", lambda *_words: iter(entries))
        assert names(executions.newest(listed, 20)) == ["at-3", "at-2", "at-1"]


def test_the_newest_unsuccessful_ones_are_chosen_among_all_that_ended_so(recorded: Recorded) -> None:
    """Step Functions lists one status at a time: `watch --failed` merges three lists by time."""
    for minute, status in enumerate(["FAILED", "ABORTED", "TIMED_OUT", "FAILED", "SUCCEEDED", "RUNNING", "ABORTED"]):
        recorded.add(f"{status}-{minute}", status, minute, output="{}")
    newest = executions.newest(recorded.stack(), 3, unsuccessful=True)
    assert names(newest) == ["ABORTED-6", "FAILED-3", "TIMED_OUT-2"]
    assert len(executions.newest(recorded.stack(), 20, unsuccessful=True)) == 5


@pytest.mark.parametrize(
    ("status", "output", "outcome"),
    [
        ("SUCCEEDED", "{}", "LABELLED"),
        ("SUCCEEDED", rejection("EmptyImageError"), "REJECTED"),
        ("SUCCEEDED", rejection("SupersededError"), "SUPERSEDED"),
        ("SUCCEEDED", rejection("DuplicateEventError"), "SUPERSEDED"),
        ("FAILED", None, "FAILED"),
        ("TIMED_OUT", None, "TIMED_OUT"),
        ("ABORTED", None, "ABORTED"),
        ("RUNNING", None, "RUNNING"),
    ],
)
def test_each_execution_has_its_outcome(recorded: Recorded, status: str, output: str | None, outcome: str) -> None:
    arn = recorded.add("one", status, 1, **({"output": output} if output else {}))
    assert executions.describe(recorded.stack(), arn).outcome == outcome


@pytest.mark.parametrize("status", ["RUNNING", "FAILED", "TIMED_OUT", "ABORTED"])
def test_an_execution_without_a_history_is_in_no_state(recorded: Recorded, status: str) -> None:
    """A history may be empty for a moment after the start."""
    found = executions.describe(recorded.stack(), recorded.add("one", status, 1))
    assert (found.state, found.retries) == ("", 0)


def _entered(state: str) -> dict[str, Any]:
    return {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": state}}


@pytest.mark.parametrize(("status", "retries"), [("RUNNING", 2), ("FAILED", 1)])
def test_retries_are_the_failed_attempts_that_another_one_followed(
    recorded: Recorded, status: str, retries: int
) -> None:
    arn = recorded.add("one", status, 1)
    failed = {"type": "TaskFailed"}
    recorded.histories[arn] = [failed, failed, _entered("DetectLabels"), _entered("ValidateImage")]
    found = executions.describe(recorded.stack(), arn)
    assert (found.state, found.retries) == ("DetectLabels", retries)


def test_a_document_has_everything_that_is_known(recorded: Recorded) -> None:
    labels = [{"name": "Dog", "confidence": 98.7}, {"name": "Pet", "confidence": 90.0}]
    arn = recorded.add("one", "SUCCEEDED", 1, output=json.dumps({"detection": {"labels": labels}}))
    assert executions.describe(recorded.stack(), arn).document() == {
        "execution": arn,
        "key": "cat.jpg",
        "state": "",
        "retries": 0,
        "outcome": "LABELLED",
        "started": "2026-11-22T12:01:00.000Z",
        "stopped": "2026-11-22T12:01:30.000Z",
        "labels": {"Dog": 98.7, "Pet": 90.0},
        "reason": "",
    }


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        ({"status": "FAILED", "error": "KeyError", "cause": '{"errorMessage": "no key"}'}, "KeyError: no key"),
        ({"status": "SUCCEEDED", "output": rejection("EmptyImageError")}, "EmptyImageError: because"),
        ({"status": "ABORTED"}, "It was stopped, and no reason was given."),
        ({"status": "ABORTED", "cause": "Too slow."}, "Too slow."),
        ({"status": "RUNNING"}, ""),
    ],
)
def test_the_reason_is_the_error_and_its_cause(recorded: Recorded, ended: dict[str, Any], reason: str) -> None:
    arn = recorded.add("one", ended.pop("status"), 1, **ended)
    assert executions.describe(recorded.stack(), arn).reason == reason


def test_an_input_without_a_photo_has_no_key(recorded: Recorded) -> None:
    arn = recorded.add("one", "SUCCEEDED", 1, output="{}")
    recorded.executions[arn]["input"] = "{}"
    assert executions.describe(recorded.stack(), arn).key == "(no photo)"


def test_following_tells_each_change_once_the_oldest_first(recorded: Recorded) -> None:
    first = recorded.add("first", "RUNNING", 1)
    follower = Follower(recorded.stack())
    recorded.add("second", "SUCCEEDED", 2, "dog.jpg", output="{}")
    assert names(follower.look()) == ["first", "second"]
    assert follower.look() == []
    recorded.add("first", "FAILED", 1)
    assert [(one.arn, one.outcome) for one in follower.look()] == [(first, "FAILED")]
    assert follower.pending({"cat.jpg", "dog.jpg", "cow.jpg"}) == {"cow.jpg"}


def test_a_photos_outcome_is_that_of_its_newest_ended_execution(recorded: Recorded) -> None:
    recorded.add("newer", "SUCCEEDED", 2, output="{}")
    recorded.add("older", "FAILED", 1)
    recorded.add("running", "RUNNING", 3)
    recorded.add("other", "FAILED", 1, "dog.jpg")
    follower = Follower(recorded.stack())
    follower.look()
    assert follower.outcomes({"cat.jpg"}) == {"cat.jpg": "LABELLED"}


def test_only_the_newest_executions_are_followed_when_a_limit_is_given(recorded: Recorded) -> None:
    for minute in range(4):
        recorded.add(f"at-{minute}", "SUCCEEDED", minute, output="{}")
    assert names(Follower(recorded.stack(), 2).look()) == ["at-2", "at-3"]
