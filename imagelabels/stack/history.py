"""The state in an execution's history that matters: the current one, or the one that failed."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

# The names of the events that end an attempt without success end so (Step Functions API, HistoryEventType).
FAILED_ATTEMPTS = ("Failed", "TimedOut")
EXECUTION_EVENTS = "Execution"


class EnteredState(NamedTuple):
    """The name of a state, and how many of its attempts have failed; the name is "" before the first state."""

    name: str
    failed_attempts: int


NO_STATE = EnteredState("", 0)


def current_state(newest_first: Iterable[dict[str, Any]]) -> EnteredState:
    """Return the state that a running execution is in, from its history events."""
    return next(_entered_states(newest_first), NO_STATE)


def failed_state(newest_first: Iterable[dict[str, Any]]) -> EnteredState:
    """Return the last state that had a failed attempt, from the history events; the last state if none had.

    The last state alone would not do: after a failure the workflow enters the states that record and report it.
    """
    entered = list(_entered_states(newest_first))
    return next((state for state in entered if state.failed_attempts), entered[0] if entered else NO_STATE)


def _entered_states(newest_first: Iterable[dict[str, Any]]) -> Iterator[EnteredState]:
    failed = 0
    for event in newest_first:
        if "stateEnteredEventDetails" in event:
            yield EnteredState(event["stateEnteredEventDetails"]["name"], failed)
            failed = 0
        elif event["type"].endswith(FAILED_ATTEMPTS) and not event["type"].startswith(EXECUTION_EVENTS):
            failed += 1
