"""Recorded histories as steps, on a time axis, and as a story."""

from datetime import timedelta
from itertools import pairwise

import pytest

from imagelabels.console.steps import at_fault, steps
from imagelabels.console.story import story
from imagelabels.console.time_axis import bars, duration, ticks
from tests.console.histories import recorded

LABELLED_WAY = ["StartEmpty", "ValidateImage", "NeedsNormalizing", "NormalizeImage", "DetectLabels"]


def test_each_state_is_a_step_in_the_order_of_the_way() -> None:
    found = steps(recorded("throttled").events)
    assert [step.name for step in found][:5] == LABELLED_WAY
    assert {step.status for step in found} == {"done"}
    assert found[-1].name == "RecordOutcome"


def test_a_retried_step_has_its_attempts_and_the_waits_between_them() -> None:
    (detect,) = (step for step in steps(recorded("throttled").events) if step.name == "DetectLabels")
    assert [attempt.error for attempt in detect.attempts] == ["ThrottledError", ""]
    assert detect.retries == 1
    ((begin, until),) = detect.waits()
    assert begin == detect.attempts[0].ended
    assert until == detect.attempts[1].started


def test_a_caught_error_is_the_state_s_own_and_not_that_of_the_branch_behind_it() -> None:
    found = steps(recorded("failed").events)
    fault = at_fault(found)
    assert fault is not None
    assert (fault.name, fault.status, fault.error) == ("DetectLabels", "caught", "AccessDeniedError")
    assert found[-1].status == "failed"
    assert [step.status for step in found if step.name == "PublishFailure"] == ["done"]


def test_a_history_that_breaks_off_is_still_running() -> None:
    events = recorded("throttled").events
    failed = next(number for number, event in enumerate(events) if event["type"] == "TaskFailed")
    waiting = steps(events[: failed + 1])[-1]
    assert (waiting.name, waiting.status, waiting.exited) == ("DetectLabels", "waiting", None)
    assert steps(events[:failed])[-1].status == "running"
    assert steps([]) == []


def test_an_aborted_execution_failed_in_the_state_it_was_in() -> None:
    execution = recorded("throttled")
    begun = next(n for n, event in enumerate(execution.events) if event["type"] == "TaskFailed")
    aborted = {"type": "ExecutionAborted", "timestamp": execution.stop, "executionAbortedEventDetails": {}}
    last = steps([*execution.events[:begun], aborted])[-1]
    assert (last.name, last.status, last.error) == ("DetectLabels", "failed", "Aborted")


def test_bars_stay_on_the_axis_and_tell_failed_attempts_and_waits_apart() -> None:
    execution = recorded("throttled")
    for step in steps(execution.events):
        for bar in bars(step, execution.start, execution.stop):
            assert 0 <= bar.left <= 100
            assert bar.left + bar.width <= 101
    (detect,) = (step for step in steps(execution.events) if step.name == "DetectLabels")
    assert [bar.kind for bar in bars(detect, execution.start, execution.stop)] == ["failed", "wait", "done"]


@pytest.mark.parametrize("seconds", [0.05, 0.9, 12.1, 75, 3_600, 90_000, 31_536_000])
def test_an_axis_has_few_marks(seconds: float) -> None:
    marks = ticks(seconds)
    assert 1 <= len(marks) <= 7
    assert [mark.left for mark in marks] == sorted(mark.left for mark in marks)


def test_durations_are_said_as_people_say_them() -> None:
    assert [duration(one) for one in (0.0634, 1.66, 75, 7_260)] == ["63 ms", "1.7 s", "1 min 15 s", "2 h 1 min"]


def test_the_story_tells_what_went_wrong_and_who_was_told() -> None:
    events = story(steps(recorded("throttled").events), by_upload=True, recipient="you@example.com")
    said = [f"{event.text} {event.aside}".strip() for event in events]
    assert said[0].startswith("uploaded")
    assert any("DetectLabels failed once with ThrottledError" in one for one in said)
    assert "the report was published mailed to you@example.com" in said
    assert all(one.at <= other.at for one, other in pairwise(events))
    failed = story(steps(recorded("failed").events), by_upload=False, recipient="")
    assert [event.text for event in failed if event.tone == "bad"] == ["DetectLabels ended with AccessDeniedError"]


def test_a_step_that_still_runs_reaches_to_the_end_of_the_axis() -> None:
    execution = recorded("throttled")
    scheduled = next(n for n, event in enumerate(execution.events) if event["type"] == "TaskScheduled")
    running = steps(execution.events[: scheduled + 1])[-1]
    end = running.entered + timedelta(seconds=4)
    (bar,) = bars(running, running.entered, end)
    assert (bar.kind, round(bar.width)) == ("running", 100)
