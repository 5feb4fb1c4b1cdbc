"""What an execution's history says of the state that matters: the one it is in, or the one that went wrong."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

# How AWS ends the names of events that are an attempt's end, but not the execution's (HistoryEventType).
FAILED_ATTEMPTS = ("Failed", "TimedOut")


class Place(NamedTuple):
    """A state and how many of its attempts have failed so far; "" before the first state."""

    state: str
    failed_attempts: int


def current(newest_first: Iterable[dict[str, Any]]) -> Place:
    """Return the state that a running execution is in."""
    return next(_places(newest_first), Place("", 0))


def at_fault(newest_first: Iterable[dict[str, Any]]) -> Place:
    """Return the last state of which an attempt failed, or else the last state: the failure branch comes after it."""
    places = list(_places(newest_first))
    return next((place for place in places if place.failed_attempts), places[0] if places else Place("", 0))


def _places(newest_first: Iterable[dict[str, Any]]) -> Iterator[Place]:
    failed = 0
    for event in newest_first:
        if "stateEnteredEventDetails" in event:
            yield Place(event["stateEnteredEventDetails"]["name"], failed)
            failed = 0
        elif event["type"].endswith(FAILED_ATTEMPTS) and not event["type"].startswith("Execution"):
            failed += 1
