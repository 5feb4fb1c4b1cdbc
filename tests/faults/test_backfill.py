"""Whichever call of StartPhotos fails with whichever fault: each photo of a library is labelled, and none twice."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from imagelabels_shared.library import name_prefix
from tests.faults.cells import CALL_FAULTS, INVOKE_FAULTS
from tests.faults.harness import Harness, wait_until
from tests.faults.matrix import photo

FUNCTION, SECONDS = "StartPhotos", 180
CALLS = ("dynamodb:BatchGetItem", "dynamodb:PutItem", "states:StartExecution")
# The run ends red, and goes on when the cause is fixed; a redrive on AWS, another run here.
UNTIL_FIXED = {"answers 500 until fixed", "denied until fixed"}


class Cell(NamedTuple):
    """One call of the function with one fault; `key` is its photo, and `run` the execution of `label-library`."""

    action: str
    fault: str
    rule: dict[str, Any]
    key: str
    run: str


def cells(*, few: bool) -> list[Cell]:
    """Return each call with each fault; each fault once, and not with one call alone, when `few`."""
    faults: list[tuple[str, str, dict[str, Any]]] = [
        (action, name, rule | ({"error": "AccessDeniedException"} if rule["fault"] == "error" else {}))
        for number, (name, rule) in enumerate(CALL_FAULTS.items())
        for action in (CALLS[number % len(CALLS) :][:1] if few else CALLS)
    ]
    faults += [] if few else [("lambda:Invoke", name, rule) for name, rule in INVOKE_FAULTS.items()]
    kind = "few" if few else "every"
    return [Cell(*fault, f"{kind}/{number:03}.png", f"{kind}-{number:03}") for number, fault in enumerate(faults)]


@contextmanager
def without_events(harness: Harness) -> Iterator[None]:
    """Let uploads start nothing, as in a bucket that was there before the stack."""
    events = harness.client("events")
    (rule,) = events.list_rule_names_by_target(TargetArn=harness.engine.outputs["StateMachineArn"])["RuleNames"]
    events.disable_rule(Name=rule)
    try:
        yield
    finally:
        events.enable_rule(Name=rule)


def start(harness: Harness, key: str, run: str) -> None:
    machine = harness.engine.outputs["LibraryStateMachineArn"]
    request = json.dumps({"prefix": key, "perSecond": 100})
    harness.client("stepfunctions").start_execution(stateMachineArn=machine, name=run, input=request)


def ended(harness: Harness) -> dict[str, str]:
    """Wait until no run is left; return the status of each by its name."""
    found: dict[str, str] = {}

    def over() -> bool:
        machine = harness.engine.outputs["LibraryStateMachineArn"]
        pages = harness.client("stepfunctions").get_paginator("list_executions").paginate(stateMachineArn=machine)
        found.update({one["name"]: one["status"] for page in pages for one in page["executions"]})
        return "RUNNING" not in found.values()

    wait_until(over, SECONDS, "the runs to end")
    return found


def calls_of(harness: Harness) -> set[str]:
    """Run without faults and return the calls that the function makes."""
    with harness.switched("faults", {"rules": []}):
        harness.upload("backfill/fault-free.png", photo())
        start(harness, "backfill/fault-free.png", "fault-free")
        assert ended(harness)["fault-free"] == "SUCCEEDED"
        return {action for function, action, _fault in harness.state("faults")["log"] if function == FUNCTION}


def check(harness: Harness, every: list[Cell]) -> None:
    with without_events(harness):
        for cell in every:
            harness.upload(cell.key, photo())
    rules = [{**cell.rule, "action": cell.action, "function": FUNCTION, "about": cell.key} for cell in every]
    with harness.switched("faults", {"rules": rules}):
        for cell in every:
            start(harness, cell.key, cell.run)
        first = ended(harness)
        log = harness.state("faults")["log"]
    struck = {(action, fault) for function, action, fault in log if function == FUNCTION and fault}
    assert struck == {(cell.action, cell.rule["fault"]) for cell in every}
    failed = [cell for cell in every if first[cell.run] != "SUCCEEDED"]
    assert {cell.fault for cell in failed} == UNTIL_FIXED
    for cell in failed:
        start(harness, cell.key, f"{cell.run}-again")
    again = ended(harness)
    assert {again[f"{cell.run}-again"] for cell in failed} == {"SUCCEEDED"}

    executions = harness.wait_for_executions(len(every), SECONDS)
    assert [cell.key for cell in every if "SUCCEEDED" not in {one.status for one in executions[cell.key]}] == []
    # In one run each photo has one execution.
    names = Counter(cell.run for cell in every for one in executions[cell.key] if _is_of(cell, one.arn))
    assert set(names.values()) == {1}


def test_one_of_each_fault_loses_and_doubles_nothing(harness: Harness) -> None:
    with without_events(harness):
        assert calls_of(harness) - {"lambda:Invoke"} == set(CALLS)
    check(harness, cells(few=True))


@pytest.mark.soak
def test_every_fault_of_every_call_loses_and_doubles_nothing(harness: Harness) -> None:
    check(harness, cells(few=False))


def _is_of(cell: Cell, execution: str) -> bool:
    return f":{name_prefix(cell.run)}" in execution and f":{name_prefix(f'{cell.run}-again')}" not in execution
