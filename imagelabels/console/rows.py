"""One line of the list of executions: what it is about, how it went, and why, in few words."""

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from imagelabels.console.time_axis import duration
from imagelabels.stack.executions import RUNNING, Execution
from imagelabels_shared.timestamps import timestamp

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
MOST_LABELS = 6
# In words and as the name of a style, by how it ended.
OUTCOMES = {
    RUNNING: ("Running", "running"),
    "LABELLED": ("Labelled", "labelled"),
    "REJECTED": ("Rejected", "rejected"),
    "SUPERSEDED": ("Superseded", "superseded"),
    "FAILED": ("Failed", "failed"),
    "TIMED_OUT": ("Timed out", "failed"),
    "ABORTED": ("Aborted", "failed"),
}


class Row(NamedTuple):
    """What the list shows of one execution. `started` is ISO 8601; `what` are its labels, its state or its reason."""

    name: str
    link: str
    key: str
    outcome: str
    style: str
    what: str
    started: str
    age: str
    took: str
    retries: int


def row(one: Execution, now: datetime | None = None) -> Row:
    now = now or datetime.now(UTC)
    word, style = OUTCOMES[one.outcome]
    name = name_of(one.arn)
    return Row(
        name=name,
        link=f"/executions/{quote(name, safe='')}",
        key=one.key,
        outcome=word,
        style=style,
        what=what(one),
        started=timestamp(one.started),
        age=age((now - one.started).total_seconds()),
        took=duration(((one.stopped or now) - one.started).total_seconds()),
        retries=one.retries,
    )


def name_of(arn: str) -> str:
    """Return an execution's name by its ARN."""
    return arn.split(":", 7)[-1]


def what(one: Execution) -> str:
    if one.outcome == RUNNING:
        return ": ".join(filter(None, (f"in {one.state}" if one.state else "starting", one.reason)))
    if one.outcome == "LABELLED":
        return labels(one.labels)
    error, _colon, sentence = one.reason.partition(": ")
    if style_of(one.outcome) == "failed":
        if not one.state:
            return one.reason
        # One that a person stopped may have a reason without an error, or none.
        return ": ".join(filter(None, (f"in {one.state}", f"{error}. {sentence}" if sentence else error)))
    return sentence or error


def labels(found: dict[str, float]) -> str:
    """Return the surest labels in one line."""
    shown = [f"{name} {confidence:.0f} %" for name, confidence in list(found.items())[:MOST_LABELS]]
    rest = len(found) - len(shown)
    return ", ".join(shown) + (f", {rest} more" if rest else "") if found else "nothing recognised"


def style_of(outcome: str) -> str:
    return OUTCOMES[outcome][1]


def age(seconds: float) -> str:
    """Return how long ago it was, in the largest whole unit."""
    return next(f"{max(seconds, 0) // size:.0f} {unit}" for unit, size in UNITS if seconds >= size or size == 1)
