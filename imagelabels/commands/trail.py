"""`imagelabels trail`."""

from dataclasses import asdict

from rich.table import Table

from imagelabels.commands.options import AsJsonLines, Image
from imagelabels.commands.target import connect
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import ArchivedRun, archived_runs
from imagelabels.stack import photos
from imagelabels.terminal import tables
from imagelabels.terminal.console import add, cell, print_json_line, print_view

ARN = "arn:"


def trail(image: Image, *, as_json: AsJsonLines = False) -> None:
    """Show every run of a photo, the first one first; a run is archived a minute after its end."""
    stack = connect()
    runs = archived_runs(stack, image if image.startswith(ARN) else f"{stack.bucket}/{photos.key_of(stack, image)}")
    if not runs:
        raise UserError(f"Nothing is archived of {image}; `imagelabels watch` shows what runs now.")
    if not as_json:
        print_view(_table(runs))
        return
    for run in runs:
        print_json_line(asdict(run))


def _table(runs: list[ArchivedRun]) -> Table:
    view = Table("started", "outcome", "what", "execution")
    for run in runs:
        colour = tables.COLOURS.get(run.outcome, tables.FAILED_COLOUR)
        add(view, run.started, cell(run.outcome, colour), run.said, run.execution.rsplit(":", 1)[-1])
    return view
