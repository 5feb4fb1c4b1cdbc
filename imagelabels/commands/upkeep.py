"""The commands that keep watch: a photo's story, dead letters, and whether everything agrees."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from imagelabels.errors import UserError
from imagelabels.operations import reconcile
from imagelabels.operations.audit_story import Run, story
from imagelabels.operations.dead_letters import Letter, letters, send_back
from imagelabels.stack.connection import connect
from imagelabels.stack.pipeline import Pipeline
from imagelabels.terminal import tables
from imagelabels.terminal.console import add, cell, note, print_json, print_view, say
from imagelabels_shared.text import one_line

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one document per line.")]
ARN = "arn:"


def trail(
    image: Annotated[str, typer.Argument(help="The photo's key, or bucket/key.")], *, as_json: AsJson = False
) -> None:
    """Tell a photo's story: every run, the first one first; a run is archived a minute after its end."""
    connection = connect()
    pipeline = Pipeline(connection)
    photo = image if image.startswith(ARN) else f"{pipeline.bucket}/{pipeline.key_of(image)}"
    runs = story(connection, photo)
    if not runs:
        raise UserError(f"Nothing is archived of {image}; `imagelabels watch` shows what runs now.")
    if as_json:
        _print_lines(asdict(run) for run in runs)
    else:
        print_view(_story(runs))


def _story(runs: list[Run]) -> Table:
    view = Table("started", "outcome", "what", "execution")
    for run in runs:
        colour = tables.COLOURS.get(run.outcome, tables.FAILED_COLOUR)
        add(view, run.started, cell(run.outcome, colour), run.said, run.execution.rsplit(":", 1)[-1])
    return view


def dead_letters(
    *,
    again: Annotated[bool, typer.Option("--send-back", help="Send each to where it was going.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what could not be delivered or worked through, or send it back once the cause is mended."""
    connection = connect()
    found = list(letters(connection))
    sent = {letter.id for letter in found if again and send_back(connection, letter)}
    if as_json:
        _print_lines(asdict(letter) | {"sentBack": letter.id in sent} for letter in found)
    else:
        for letter in found:
            say(_line(letter, sent_back=letter.id in sent))
        note(f"{len(found)} dead letters" + (f", {len(sent)} sent back" if again else ""))
    if len(sent) < len(found):
        raise typer.Exit(1)


def _line(letter: Letter, *, sent_back: bool) -> str:
    done = "sent back" if sent_back else ""
    parts = (letter.sent, letter.queue, letter.kind, letter.about, letter.reason, done)
    return "  ".join(one_line(part) for part in parts if part)


def reconciled(
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Start what is missing, remove what is left over.")] = False,
    grace: Annotated[int, typer.Option(min=0, help="Minutes that a new photo may take.")] = 15,
    patience: Annotated[int, typer.Option(min=0, help="Hours that an execution may take.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Compare bucket, table and executions; exit with 1 when something is left that does not agree."""
    connection, left = connect(), 0
    waits = {"grace": timedelta(minutes=grace), "patience": timedelta(hours=patience)}
    for finding in reconcile.findings(connection, **waits):
        fixed = fix and reconcile.fix(connection, finding)
        left += not fixed
        document = asdict(finding) | {"fixed": fixed}
        if as_json:
            _print_lines([document])
        else:
            say(_sentence(finding, fixed=fixed))
    if left:
        raise typer.Exit(1)


def _sentence(finding: reconcile.Finding, *, fixed: bool) -> str:
    what = f"{one_line(finding.photo)}: {reconcile.MEANS[finding.problem]}"
    return what + (f" ({finding.execution})" if finding.execution else "") + (" - fixed" if fixed else "")


def _print_lines(documents: Iterable[dict[str, Any]]) -> None:
    for document in documents:
        print_json(document, indent=None)


def register(app: typer.Typer) -> None:
    app.command()(trail)
    app.command("dead-letters")(dead_letters)
    app.command("reconcile")(reconciled)
