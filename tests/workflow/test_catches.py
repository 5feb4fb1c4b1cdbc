"""Every Catch of every Task leads where it should, and the error arrives in the slot that it names."""

import pytest

from tests.pictures import picture
from tests.workflow.branches import CATCHES, attempts, caught, detour, raised, tasks
from tests.workflow.machine import Machine, object_created


def test_the_table_names_each_catch_of_the_definition() -> None:
    """A Catch that is added, removed or redirected has to be written into branches.py too."""
    catches = {
        (name, index): catch["Next"]
        for name, task in tasks().items()
        for index, catch in enumerate(task.get("Catch", []))
    }
    assert catches == CATCHES


@pytest.mark.parametrize(("state", "index", "error"), caught())
def test_a_catch_is_reached(machine: Machine, state: str, index: int, error: str) -> None:
    """The error leaves the state by this Catch, after the attempts it deserves, and stands in its slot by name."""
    event = object_created("photo.jpg", machine.put("photo.jpg", picture()))
    detour(machine.faults, state)
    machine.faults.always(state, error)
    execution = machine.run(event)
    slot = tasks()[state]["Catch"][index]["ResultPath"].removeprefix("$.")
    assert execution.after(state) == CATCHES[state, index]
    assert execution.output(state)[slot]["Error"] == raised(state, error)
    assert machine.faults.attempts[state] == attempts(state, error)
