"""`imagelabels trail`."""

from dataclasses import asdict

from rich.table import Table

from imagelabels.commands.options import AsJsonLines, Image
from imagelabels.commands.target import connect
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import ArchivedRun, archived_runs
from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import UNSUCCESSFUL
from imagelabels.terminal import tables
from imagelabels.terminal.console import add, cell, joined, out, print_json_line, print_view, say

ARN = "arn:"
# A time without its fraction of a second.
SECONDS = len("2026-11-22T17:04:05")


def trail(image: Image, *, as_json: AsJsonLines = False) -> None:
    """Show every run of a photo, the first one first; a run is archived a minute after its end.

    Each run is one line, of a failed one its error, its state and its cause. --json has the whole text.
    """
    stack = connect()
    runs = archived_runs(stack, image if image.startswith(ARN) else f"{stack.bucket}/{photos.key_of(stack, image)}")
    if not runs:
        raise UserError(f"Nothing is archived of {image}; `imagelabels watch` shows what runs now.")
    if as_json:
        for run in runs:
            print_json_line(asdict(run))
        return
    states = {run.execution: _failed_state(stack, run) for run in runs if run.outcome in UNSUCCESSFUL}
    if out.is_terminal:
        print_view(_table(runs, states))
        return
    for run in runs:
        say(joined((run.started, run.outcome, states.get(run.execution, ""), run.said, _name(run))))


def _failed_state(stack: Stack, run: ArchivedRun) -> str:
    """Return the state in which a run failed, "" when Step Functions has deleted it (after 90 days)."""
    try:
        return executions.describe(stack, run.execution).state
    except stack.client("stepfunctions").exceptions.ExecutionDoesNotExist:
        return ""


def _table(runs: list[ArchivedRun], states: dict[str, str]) -> Table:
    view = Table(box=None, pad_edge=False, expand=True)
    for name in ("started", "outcome"):
        view.add_column(name, no_wrap=True, max_width=out.width // 3)
    view.add_column("what", no_wrap=True, overflow="ellipsis", ratio=1)
    for run in runs:
        state = states.get(run.execution, "")
        outcome = f"{run.outcome} in {state}" if state else run.outcome
        colour = tables.COLOURS.get(run.outcome, tables.FAILED_COLOUR)
        add(view, run.started[:SECONDS], cell(outcome, colour), run.said)
    return view


def _name(run: ArchivedRun) -> str:
    return run.execution.rsplit(":", 1)[-1]
