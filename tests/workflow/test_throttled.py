"""A state that is throttled a few times, and then answered, goes on as if nothing had been."""

import pytest

from tests.workflow.branches import detour, photo_for, tasks
from tests.workflow.machine import IMAGES, Machine

LAMBDAS = [name for name, task in tasks().items() if "lambda" in task["Resource"]]


@pytest.mark.parametrize("times", range(4))
@pytest.mark.parametrize("state", LAMBDAS)
def test_a_state_throttled_so_many_times_and_then_answered_goes_on(machine: Machine, state: str, times: int) -> None:
    machine.put("photo.jpg", photo_for(state))
    detour(machine.faults, state)
    machine.faults.add(state, *["ThrottledError"] * times)
    execution = machine.run({"bucket": IMAGES, "key": "photo.jpg"})
    assert execution.failures.count("ThrottledError") == times
    assert machine.faults.attempts[state] == times + 1
    assert len(machine.waits) == times
    assert execution.after(state) == tasks()[state].get("Next")
