"""An execution's history as the steps that a person asks about: what each state got, tried, waited for and gave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

# A caught step failed, and the workflow went on with its Catch; a waiting one is between two attempts.
Status = Literal["done", "running", "waiting", "caught", "failed"]
# How AWS names the events that begin and end an attempt (HistoryEventType).
SCHEDULED, SUCCEEDED = "TaskScheduled", "TaskSucceeded"
FAILURES = {
    "TaskFailed": "taskFailedEventDetails",
    "TaskTimedOut": "taskTimedOutEventDetails",
    "TaskStartFailed": "taskStartFailedEventDetails",
    "TaskSubmitFailed": "taskSubmitFailedEventDetails",
}
ENDINGS = {
    "ExecutionFailed": "executionFailedEventDetails",
    "ExecutionTimedOut": "executionTimedOutEventDetails",
    "ExecutionAborted": "executionAbortedEventDetails",
}


@dataclass
class Attempt:
    """One try of a task. `ended` is None while it runs; `error` is empty unless it failed."""

    started: datetime
    ended: datetime | None = None
    error: str = ""
    cause: str = ""


@dataclass
class Step:
    """One state on the way of one execution. `input` and `output` are JSON; `error` is why it failed, if it did."""

    name: str
    kind: str
    entered: datetime
    input: str
    exited: datetime | None = None
    output: str = ""
    status: Status = "running"
    error: str = ""
    cause: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def retries(self) -> int:
        return max(len(self.attempts) - 1, 0)

    def seconds(self, now: datetime) -> float:
        return ((self.exited or now) - self.entered).total_seconds()

    def waits(self) -> Iterator[tuple[datetime, datetime]]:
        """Yield from when to when it waited before each attempt but the first."""
        for before, after in pairwise(self.attempts):
            if before.ended:
                yield before.ended, after.started


def steps(events: Iterable[dict[str, Any]]) -> list[Step]:
    """Return the steps of a history, the oldest event first, in the order in which they were entered."""
    found: list[Step] = []
    for event in events:
        kind = event["type"]
        if entered := event.get("stateEnteredEventDetails"):
            state = kind.removesuffix("StateEntered")
            found.append(Step(entered["name"], state, event["timestamp"], entered.get("input", "")))
        elif found and (left := event.get("stateExitedEventDetails")):
            _leave(found[-1], event["timestamp"], left.get("output", ""))
        elif found and kind in ENDINGS:
            _fail(found[-1], event, ENDINGS[kind])
        elif found:
            _try(found[-1], event)
    return found


def _try(step: Step, event: dict[str, Any]) -> None:
    kind = event["type"]
    if kind == SCHEDULED:
        step.status = "running"
        step.attempts.append(Attempt(event["timestamp"]))
    elif kind == SUCCEEDED and step.attempts:
        step.attempts[-1].ended = event["timestamp"]
    elif kind in FAILURES and step.attempts:
        details = event.get(FAILURES[kind], {})
        last = step.attempts[-1]
        last.ended, last.error, last.cause = event["timestamp"], details.get("error", kind), details.get("cause", "")
        step.status = "waiting"


def _leave(step: Step, at: datetime, output: str) -> None:
    step.exited, step.output, step.status = at, output, "done"
    if step.attempts and step.attempts[-1].error:
        step.status, step.error, step.cause = "caught", step.attempts[-1].error, step.attempts[-1].cause


def _fail(step: Step, event: dict[str, Any], slot: str) -> None:
    """An execution that fails, times out or is aborted ends in its last state."""
    details = event.get(slot, {})
    if step.exited is None or step.kind == "Fail":
        step.exited, step.status = event["timestamp"], "failed"
        step.error = details.get("error", event["type"].removeprefix("Execution"))
        step.cause = details.get("cause", "")


def at_fault(found: list[Step]) -> Step | None:
    """Return the step that went wrong: the first caught one, else the one that the execution failed in."""
    caught = next((one for one in found if one.status == "caught"), None)
    return caught or next((one for one in found if one.status == "failed"), None)
