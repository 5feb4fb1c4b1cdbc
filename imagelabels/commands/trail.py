"""`imagelabels trail`."""

from dataclasses import asdict
from typing import NamedTuple

from rich.table import Table

from imagelabels.commands.options import AsJsonLines, Image
from imagelabels.commands.target import connect
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import ArchivedRun, archived_runs
from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import LABELLED, UNSUCCESSFUL, Execution
from imagelabels.terminal import tables
from imagelabels.terminal.console import add, cell, joined, out, print_json_line, print_view, say
from imagelabels_shared.table.records import photo_id
from imagelabels_shared.timestamps import timestamp

ARN = "arn:"
# A time without its fraction of a second, and what a narrow terminal gets of it.
SECONDS = len("2026-11-22T17:04:05")
MINUTE = "11-22T17:04"
NARROW = 60


def trail(image: Image, *, as_json: AsJsonLines = False) -> None:
    """Show every run of a photo, the first one first.

    Each run is one line, of a failed one its error, its state and its cause. --json has the whole text.
    """
    stack = connect()
    runs = _runs(stack, image)
    if not runs:
        raise UserError(f"No run of {image} is known.")
    if as_json:
        for run in runs:
            print_json_line(asdict(run))
        return
    failures = {run.execution: _failure(stack, run) for run in runs if run.outcome in UNSUCCESSFUL}
    rows = [_row(run, failures.get(run.execution)) for run in runs]
    if out.is_terminal:
        print_view(_table(rows))
        return
    for run, row in zip(runs, rows, strict=True):
        say(joined((run.started, row.outcome, row.what, _name(run))))


def _runs(stack: Stack, image: str) -> list[ArchivedRun]:
    """Return the archived runs, and then those that are too new to be archived."""
    if image.startswith(ARN):
        return archived_runs(stack, image)
    key = photos.key_of(stack, image)
    # In this order no run is missed that is archived meanwhile.
    newest = executions.not_archived(stack, key)
    archived = archived_runs(stack, photo_id(stack.bucket, key))
    known = {run.execution for run in archived}
    return archived + [_as_archived(one) for one in reversed(newest) if one.arn not in known]


def _as_archived(execution: Execution) -> ArchivedRun:
    return ArchivedRun(
        started=timestamp(execution.started),
        ended=timestamp(execution.stopped) if execution.stopped else "",
        outcome=execution.outcome,
        version="",
        execution=execution.arn,
        said=execution.reason or ", ".join(execution.labels),
    )


class _Row(NamedTuple):
    started: str
    outcome: str
    colour: str
    what: str


def _failure(stack: Stack, run: ArchivedRun) -> Execution | None:
    """Return the execution of a failed run, which knows its state; None after Step Functions has deleted it."""
    try:
        return executions.describe(stack, run.execution)
    except stack.client("stepfunctions").exceptions.ExecutionDoesNotExist:
        return None


def _row(run: ArchivedRun, failure: Execution | None) -> _Row:
    outcome = f"{run.outcome} in {failure.state}" if failure and failure.state else run.outcome
    colour = tables.COLOURS.get(run.outcome, tables.FAILED_COLOUR)
    nothing = tables.NOTHING if run.outcome == LABELLED else ""
    return _Row(run.started, outcome, colour, run.said or (failure.reason if failure else nothing))


def _table(rows: list[_Row]) -> Table:
    view = Table(box=None, pad_edge=False, expand=True)
    for name in ("started", "outcome"):
        view.add_column(name, no_wrap=True, overflow="ellipsis", max_width=max(out.width // 3, len(MINUTE)))
    view.add_column("what", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        # A narrow terminal gets no year and no seconds.
        started = (
            row.started[len("2026-") : len("2026-") + len(MINUTE)] if out.width < NARROW else row.started[:SECONDS]
        )
        add(view, started, cell(row.outcome, row.colour), row.what)
    return view


def _name(run: ArchivedRun) -> str:
    return run.execution.rsplit(":", 1)[-1]
