"""Every Catch of every Task leads where it should, and the error arrives in the slot that it names."""

import pytest

from tests.workflow.branches import (
    CATCHES,
    attempts,
    caught,
    detour,
    photo_for,
    raised,
    tasks,
)
from tests.workflow.machine import IMAGES, Execution, Machine, object_created
from tests.workflow.missing_path import NAME as MISSING_PATH


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
    event = object_created("photo.jpg", machine.put("photo.jpg", photo_for(state)))
    detour(machine.faults, state)
    machine.faults.always(state, error)
    execution = machine.run(event)
    slot = tasks()[state]["Catch"][index]["ResultPath"].removeprefix("$.")
    assert execution.after(state) == CATCHES[state, index]
    assert execution.output(state)[slot]["Error"] == raised(state, error)
    assert machine.faults.attempts[state] == attempts(state, error)


def test_a_record_that_cannot_be_built_is_a_failure(machine: Machine) -> None:
    machine.faults.keep_back("ValidateImage", "etag")
    detour(machine.faults, "RecordSuperseded")
    event = object_created("photo.jpg", machine.put("photo.jpg", photo_for("ValidateImage")))
    assert_not_built(machine.run(event), "RecordSuperseded")


def test_a_duplicate_without_its_event_is_a_failure(machine: Machine) -> None:
    """Only an event can be a duplicate; should a person's start be called one, somebody has to hear of it."""
    machine.put("photo.jpg", photo_for("ValidateImage"))
    detour(machine.faults, "RecordDuplicate")
    assert_not_built(machine.run({"bucket": IMAGES, "key": "photo.jpg"}), "RecordDuplicate")


def assert_not_built(execution: Execution, state: str) -> None:
    (catch,) = tasks()[state]["Catch"]
    slot = catch["ResultPath"].removeprefix("$.")
    assert execution.after(state) == CATCHES[state, 0] == "PublishFailure"
    assert execution.output(state)[slot]["Error"] == MISSING_PATH
    assert execution.status == "FAILED"
