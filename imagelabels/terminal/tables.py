"""What a person sees: tables on a terminal, plain lines elsewhere."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message

from rich.console import Console
from rich.table import Table

from imagelabels.stack.pipeline import RUNNING, Execution
from imagelabels.terminal.console import add, cell
from imagelabels_shared.text import one_line, visible

COLOURS = {"LABELLED": "green", "REJECTED": "yellow", "SUPERSEDED": "cyan", RUNNING: "blue"}
FAILED_COLOUR = "red"
MOST_ROWS = 25
NAME_CHARACTERS = 120
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def labels(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {confidence:.1f} %" for name, confidence in found.items()) or "nothing recognised"


def where(one: Execution) -> str:
    """Return the state that a running execution is in, or how it ended, and where if it went wrong."""
    if one.outcome == RUNNING:
        return one.state or "starting"
    return f"{one.outcome} in {one.state}" if one.state else one.outcome


def detail(one: Execution) -> str:
    if one.outcome == RUNNING:
        return ""
    return labels(one.labels) if one.outcome == "LABELLED" else one.reason


def age(one: Execution) -> str:
    """Return how long ago it started, in the largest whole unit."""
    passed = (datetime.now(UTC) - one.started).total_seconds()
    return next(f"{passed // size:.0f} {unit}" for unit, size in UNITS if passed >= size or size == 1)


def retries(one: Execution) -> str:
    return f"(retries: {one.retries})" if one.retries else ""


def seconds(one: Execution) -> str:
    return f"{((one.stopped or datetime.now(UTC)) - one.started).total_seconds():.1f} s"


def line(one: Execution) -> str:
    """Return one line for a log: the photo, where it is, how long it has taken, what was found."""
    words = (one.key, where(one), retries(one), seconds(one), detail(one))
    return "  ".join(one_line(word) for word in words if word)


def table(executions: Iterable[Execution], most: int = MOST_ROWS) -> Table:
    """Return the newest `most` executions as a table, with a count of all by outcome."""
    every = sorted(executions, key=lambda one: one.started)
    counts = Counter(one.outcome for one in every)
    view = Table(
        caption=", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no executions yet"
    )
    for name in ("photo", "state", "retries", "age", "took", "labels, or why not"):
        view.add_column(name, overflow="fold")
    for one in every[-most:]:
        colour = COLOURS.get(one.outcome, FAILED_COLOUR)
        counts_and_times = (str(one.retries or ""), age(one), seconds(one))
        key, place = cell(one.key, most=NAME_CHARACTERS), cell(where(one), colour, NAME_CHARACTERS)
        add(view, key, place, *counts_and_times, detail(one))
    return view


def mail(console: Console, message: Message) -> None:
    """Print a mail as a mail client would show it."""
    plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    body = plain.get_payload(decode=True)
    text = body.decode() if isinstance(body, bytes) else str(body)
    console.rule(cell(f"mail: {message['Subject']}"), align="left")
    # Not bounded: a mail is, and the command in it must stay whole.
    console.print("\n".join(map(visible, text.split("\n"))), markup=False, highlight=False, soft_wrap=True)
