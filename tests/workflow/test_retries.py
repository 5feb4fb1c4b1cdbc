"""Every Retry of every Task waits for the errors it names and then goes on as if nothing had been."""

import pytest

from tests.pictures import picture
from tests.workflow.branches import detour, photo_for, raised, retriers, tasks
from tests.workflow.machine import IMAGES, Machine, object_created
from tests.workflow.written import RETRIES

LAMBDAS = [name for name, task in tasks().items() if "lambda" in task["Resource"]]


# A retrier allows five attempts at least, so that many of its errors fit one run.
BATCH = 4


def batches() -> list[tuple[str, list[str]]]:
    """Return every error that a state must retry, as it is written down, a few at a time."""
    named = {state: [error for retry in retries for error in retry.errors] for state, retries in RETRIES.items()}
    return [
        (state, errors[start : start + BATCH])
        for state, errors in named.items()
        for start in range(0, len(errors), BATCH)
    ]


@pytest.mark.parametrize(("state", "errors"), batches())
def test_a_state_survives_each_error_that_it_retries(machine: Machine, state: str, errors: list[str]) -> None:
    """One failed attempt per error, each in the history, then the state's own next state."""
    event = object_created("photo.jpg", machine.put("photo.jpg", photo_for(state)))
    detour(machine.faults, state)
    machine.faults.add(state, *errors)
    execution = machine.run(event)
    assert execution.failures[-len(errors) :] == [raised(state, error) for error in errors]
    assert len(machine.waits) == len(errors)
    assert execution.after(state) == tasks()[state].get("Next")


@pytest.mark.parametrize("error", ["ThrottledError", "ServiceUnavailableError"])
def test_retries_end_and_their_waits_are_bounded(machine: Machine, error: str) -> None:
    """A state gives up after MaxAttempts, and no wait is longer than MaxDelaySeconds."""
    machine.put("photo.jpg", picture())
    machine.faults.always("DetectLabels", error)
    execution = machine.run({"bucket": IMAGES, "key": "photo.jpg"})
    (longest,) = [retry.longest for retry in RETRIES["DetectLabels"] if error in retry.errors]
    assert machine.faults.attempts["DetectLabels"] == {"ThrottledError": 61, "ServiceUnavailableError": 6}[error]
    assert max(machine.waits) <= longest
    assert (execution.status, execution.error) == ("FAILED", error)


@pytest.mark.parametrize("state", LAMBDAS)
def test_a_throttle_is_waited_for_longer_than_an_outage(state: str) -> None:
    """10,000 photos at once come through at Rekognition's pace: hours of attempts, against minutes for a fault."""
    throttle, outage = retriers(state)
    assert (throttle["MaxAttempts"], throttle["MaxDelaySeconds"]) == (60, 300)
    assert (outage["MaxAttempts"], outage["MaxDelaySeconds"]) == (5, 30)
