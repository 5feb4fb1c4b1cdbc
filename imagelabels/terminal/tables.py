"""Executions as a table for a terminal and as lines for a log, and a mail as text."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message

from rich.console import Console
from rich.table import Table

from imagelabels.stack.executions import LABELLED, REJECTED, RUNNING, SUPERSEDED, Execution
from imagelabels.terminal.console import add, cell, joined, out
from imagelabels.words import counted
from imagelabels_shared.text import visible
from imagelabels_shared.timestamps import timestamp

COLOURS = {LABELLED: "green", REJECTED: "yellow", SUPERSEDED: "cyan", RUNNING: "blue"}
FAILED_COLOUR = "red"
MOST_ROWS = 25
# What was found in a photo without labels.
NOTHING = "nothing recognised"
NAME_CHARACTERS = 120
# As in "59 min": the table stays as it is while time passes.
AGE_CHARACTERS = 6
# The columns beside photo, state and labels, and the width of a terminal from which each is shown.
FROM_WIDTH = {"retries": 100, "age": 60, "took": 100}
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def labels(found: dict[str, float]) -> str:
    """Return names and confidences in percent, in the order given."""
    return ", ".join(f"{name} {confidence:.1f} %" for name, confidence in found.items()) or NOTHING


def state_or_outcome(execution: Execution) -> str:
    """Return the current state of a running execution, otherwise the outcome, with the failed state if there is one."""
    if execution.outcome == RUNNING:
        return execution.state or "starting"
    return f"{execution.outcome} in {execution.state}" if execution.state else execution.outcome


def labels_or_reason(execution: Execution) -> str:
    if execution.outcome == RUNNING:
        return execution.reason
    return execution.reason if execution.reason or execution.outcome != LABELLED else labels(execution.labels)


def age(execution: Execution) -> str:
    """Return the time since the start, in the largest unit of which at least one has passed."""
    return since(execution.started)


def since(moment: datetime) -> str:
    """Return how long ago a time was, in the largest unit of which at least one has passed: "20 s", "3 h"."""
    passed = (datetime.now(UTC) - moment).total_seconds()
    return next(f"{passed // size:.0f} {unit}" for unit, size in UNITS if passed >= size or size == 1)


def duration(execution: Execution) -> str:
    return f"{((execution.stopped or datetime.now(UTC)) - execution.started).total_seconds():.1f} s"


def line(execution: Execution) -> str:
    """Return one line for a log: the photo, its state or outcome, how long it has taken, what was found."""
    return joined(_fields(execution))


def line_with_start(execution: Execution) -> str:
    """Return the same after the time of the start, which tells two runs of one photo apart."""
    return joined((timestamp(execution.started), *_fields(execution)))


def _fields(execution: Execution) -> tuple[str, ...]:
    retries = f"after {counted(execution.retries, 'retry', 'retries')}" if execution.retries else ""
    return execution.key, state_or_outcome(execution), retries, duration(execution), labels_or_reason(execution)


def table(executions: Iterable[Execution], most: int = MOST_ROWS) -> Table:
    """Return the running executions and the newest of the others, `most` in all, the newest first: one line for each.

    Below, a count of all by outcome. Retries and times have columns on a wide terminal, the age also on a middling one.
    """
    newest_first = sorted(executions, key=lambda execution: execution.started, reverse=True)
    # Sorting keeps the order of what is equal.
    shown = sorted(newest_first, key=lambda execution: execution.outcome != RUNNING)[:most]
    columns = {name for name, least in FROM_WIDTH.items() if out.width >= least}
    view = Table(box=None, pad_edge=False, expand=True, caption=summary(newest_first), caption_justify="left")
    for name in ("photo", "state", *(name for name in FROM_WIDTH if name in columns)):
        least = AGE_CHARACTERS if name == "age" else None
        view.add_column(name, no_wrap=True, overflow="ellipsis", min_width=least, max_width=out.width // 4)
    view.add_column("labels, or why not", no_wrap=True, overflow="ellipsis", ratio=1)
    for execution in shown:
        colour = COLOURS.get(execution.outcome, FAILED_COLOUR)
        state = cell(state_or_outcome(execution), colour, NAME_CHARACTERS)
        more = {"retries": str(execution.retries or ""), "age": age(execution), "took": duration(execution)}
        shown_more = (more[name] for name in FROM_WIDTH if name in columns)
        add(view, cell(execution.key, most=NAME_CHARACTERS), state, *shown_more, labels_or_reason(execution))
    return view


def summary(executions: Iterable[Execution]) -> str:
    """Return a count of executions by outcome."""
    counts = Counter(execution.outcome for execution in executions)
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no executions yet"


def mail(console: Console, message: Message) -> None:
    """Print a mail as a mail client would show it."""
    plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    body = plain.get_payload(decode=True)
    text = body.decode() if isinstance(body, bytes) else str(body)
    console.rule(cell(f"mail: {message['Subject']}"), align="left")
    # Not shortened: the command in a mail must stay whole, and mails have a bounded length.
    console.print("\n".join(map(visible, text.split("\n"))), markup=False, highlight=False, soft_wrap=True)
