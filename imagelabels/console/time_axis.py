"""Steps on a time axis, in percent of the axis: attempts that worked, attempts that failed, and waits between them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from imagelabels.console.steps import Step

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200)
MOST_TICKS = 6
# What is shorter cannot be seen.
LEAST_WIDTH = 0.6


class Bar(NamedTuple):
    """Where it begins and how wide it is, in percent; what it shows, and in words."""

    left: float
    width: float
    kind: Literal["done", "failed", "wait", "running"]
    title: str


class Tick(NamedTuple):
    left: float
    text: str


def duration(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:  # noqa: PLR2004  # seconds of a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def ticks(seconds: float) -> list[Tick]:
    """Return at most MOST_TICKS marks of an axis of so many seconds."""
    apart = next((one for one in TICKS if seconds / one <= MOST_TICKS), seconds / MOST_TICKS or 1)
    count = int(seconds / apart)
    return [Tick(100 * number * apart / seconds, _mark(number * apart)) for number in range(count + 1)] if count else []


def _mark(seconds: float) -> str:
    return f"{seconds:g} s" if seconds < 60 else duration(seconds)  # noqa: PLR2004  # seconds of a minute


def bars(step: Step, start: datetime, end: datetime) -> list[Bar]:
    """Return a step's bars on an axis from `start` to `end`."""
    length = max((end - start).total_seconds(), 0.001)

    def share(at: datetime) -> float:
        return 100 * (at - start).total_seconds() / length

    return [
        Bar(min(share(begin), 100 - LEAST_WIDTH), max(share(until) - share(begin), LEAST_WIDTH), kind, title)
        for begin, until, kind, title in sorted(_spans(step, end), key=lambda span: span[0])
    ]


Span = tuple[datetime, datetime, Literal["done", "failed", "wait", "running"], str]


def _spans(step: Step, end: datetime) -> Iterator[Span]:
    if not step.attempts:
        yield step.entered, step.exited or end, "failed" if step.status == "failed" else "done", step.name
    for number, one in enumerate(step.attempts, 1):
        kind: Literal["done", "failed", "running"] = "failed" if one.error else "done" if one.ended else "running"
        if step.status == "failed" and number == len(step.attempts):
            kind = "failed"
        took = duration(((one.ended or end) - one.started).total_seconds())
        yield one.started, one.ended or end, kind, f"Attempt {number}: {one.error or kind}, {took}"
    for begin, until in step.waits():
        yield begin, until, "wait", f"Waited {duration((until - begin).total_seconds())}"
    if step.status == "waiting" and step.attempts and step.attempts[-1].ended:
        yield step.attempts[-1].ended, end, "wait", "Waits for the next attempt"
