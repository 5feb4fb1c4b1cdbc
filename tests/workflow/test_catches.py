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
from tests.workflow.machine import IMAGES, Machine, object_created


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


def test_a_path_that_is_missing_ends_the_execution_uncaught(machine: Machine) -> None:
    """As on AWS: States.Runtime passes every Catch. tests/contract/test_data_flow.py proves that no path is missing."""
    machine.faults.keep_back("ValidateImage", "etag")
    detour(machine.faults, "RecordSuperseded")
    execution = machine.run(object_created("photo.jpg", machine.put("photo.jpg", photo_for("ValidateImage"))))
    assert (execution.states[-1], execution.status, execution.error) == ("RecordSuperseded", "FAILED", "States.Runtime")


def test_a_duplicate_is_recorded_whatever_its_input_is(machine: Machine) -> None:
    machine.put("photo.jpg", photo_for("ValidateImage"))
    detour(machine.faults, "RecordDuplicate")
    typed = {"bucket": IMAGES, "key": "photo.jpg"}
    execution = machine.run(typed)
    assert execution.states[-2:] == ["RecordDuplicate", "Superseded"]
    (record,) = machine.audit_records()
    assert (record["image"], record["input"]) == ({}, typed)
