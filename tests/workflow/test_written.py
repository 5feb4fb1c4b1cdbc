"""The definition retries, catches and leads on exactly as it is written down in `written.py`."""

from typing import Any

import pytest

from tests.workflow.branches import states, tasks
from tests.workflow.written import CAUGHT, NEXT, RETRIES, TIMEOUTS, Retrier


def retrier(found: dict[str, Any]) -> Retrier:
    numbers = (found[name] for name in ("MaxAttempts", "IntervalSeconds", "BackoffRate", "MaxDelaySeconds"))
    return Retrier(tuple(found["ErrorEquals"]), *numbers)


def test_every_task_is_written_down() -> None:
    assert set(RETRIES) == set(TIMEOUTS) == set(tasks())
    assert set(NEXT) == {name for name, state in states().items() if state["Type"] in {"Task", "Pass", "Wait"}}


@pytest.mark.parametrize("state", RETRIES)
def test_a_state_retries_these_errors_so_often(state: str) -> None:
    assert [retrier(one) for one in tasks()[state]["Retry"]] == RETRIES[state]
    assert {one["JitterStrategy"] for one in tasks()[state]["Retry"]} == {"FULL"}


@pytest.mark.parametrize("state", CAUGHT)
def test_a_state_catches_these_errors_in_this_order(state: str) -> None:
    found = [(tuple(one["ErrorEquals"]), one["ResultPath"].removeprefix("$.")) for one in tasks()[state]["Catch"]]
    assert found == CAUGHT[state]


def test_other_states_catch_nothing() -> None:
    assert {name for name, task in tasks().items() if task.get("Catch")} == set(CAUGHT)


@pytest.mark.parametrize("state", TIMEOUTS)
def test_a_state_gives_up_an_attempt_after_these_seconds(state: str) -> None:
    assert tasks()[state]["TimeoutSeconds"] == TIMEOUTS[state]


@pytest.mark.parametrize("state", NEXT)
def test_a_state_leads_on_to_this_one(state: str) -> None:
    found = states()[state]
    assert found.get("Next") == NEXT[state]
    assert found.get("End", False) is (NEXT[state] is None)


def test_only_a_photo_that_needs_it_is_normalized() -> None:
    """An upload that Rekognition takes as it is has no second copy, and costs no conversion."""
    choice = states()["NeedsNormalizing"]
    assert choice["Choices"] == [
        {"Variable": "$.image.needsNormalizing", "BooleanEquals": True, "Next": "NormalizeImage"}
    ]
    assert choice["Default"] == "DetectLabels"


def test_only_a_photo_whose_turn_is_later_waits() -> None:
    """Every other one pays a single transition for the question."""
    choice, wait = states()["NeedsToWait"], states()["WaitForTurn"]
    assert choice["Choices"] == [{"Variable": "$.detection.turn.wait", "BooleanEquals": True, "Next": "WaitForTurn"}]
    assert choice["Default"] == "PersistLabels"
    assert wait["TimestampPath"] == "$.detection.turn.at"


def test_a_rejection_and_a_superseded_run_succeed_and_a_failure_fails() -> None:
    kinds = {name: state["Type"] for name, state in states().items() if state["Type"] in {"Succeed", "Fail"}}
    assert kinds == {"Rejected": "Succeed", "Superseded": "Succeed", "Failed": "Fail"}
