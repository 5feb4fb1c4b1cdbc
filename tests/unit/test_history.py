"""The state that `imagelabels watch` names, from an execution's history events."""

from typing import Any

from imagelabels.stack.history import current_state, failed_state


def event(kind: str) -> dict[str, Any]:
    return {"type": kind}


def entered(state: str) -> dict[str, Any]:
    return {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": state}}


def test_a_running_execution_is_in_its_last_state_with_its_failed_attempts() -> None:
    newest_first = [event("TaskFailed"), event("TaskTimedOut"), event("TaskScheduled"), entered("DetectLabels")]
    assert current_state([*newest_first, event("TaskFailed"), entered("ValidateImage")]) == ("DetectLabels", 2)
    assert current_state([event("ExecutionStarted")]) == ("", 0)


def test_an_unsuccessful_execution_failed_in_the_state_before_its_failure_branch() -> None:
    branch = [event("ExecutionFailed"), entered("RecordFailure"), entered("PublishFailure")]
    assert failed_state([*branch, event("TaskFailed"), event("TaskFailed"), entered("DetectLabels")]) == (
        "DetectLabels",
        2,
    )
    aborted = [event("ExecutionAborted"), event("TaskScheduled"), entered("DetectLabels")]
    assert failed_state(aborted) == ("DetectLabels", 0)
