"""`imagelabels reprocess`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from imagelabels.commands.options import AsJson
from imagelabels.cost import dollars
from imagelabels.errors import UserError
from imagelabels.reprocess.batch import Batch
from imagelabels.reprocess.selection import Outcome, Rerun, Wanted, select
from imagelabels.stack.connection import connect
from imagelabels.stack.pipeline import Pipeline
from imagelabels.terminal.console import err, note, print_json, progress, say
from imagelabels.terminal.times import moment


def reprocess(
    image: Annotated[str | None, typer.Argument(help="One photo's key, or bucket/key.")] = None,
    *,
    prefix: Annotated[str | None, typer.Option(help='All photos whose key starts with it; "" is every photo.')] = None,
    label: Annotated[str | None, typer.Option(help="All photos that have this label.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="All whose last run ended so, not labelled since.")] = None,
    error: Annotated[str | None, typer.Option(help="As --outcome failed, with this error only.")] = None,
    before: Annotated[str, typer.Option(help="Only last run before: 12h, 7d, 2w, or a date like 2026-11-22.")] = "",
    rate: Annotated[float, typer.Option(min=0.01, help="Executions started a second.")] = 5,
    resume: Annotated[str, typer.Option(help="Go on with a batch that was stopped.", metavar="BATCH")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which photos, how many, and the cost.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run photos through the workflow again: one by its name, or all that meet the options.

    One photo runs with the input of its last run, failed and rejected ones with their execution's own input, all others
    with their newest version. Count and cost come first. What was stopped half-way goes on with --resume and starts
    nothing twice.
    """
    pipeline = Pipeline(connect())
    wanted = Wanted(prefix, label, outcome, error, moment(before) if before else None)
    if bool(image) + bool(resume) + (wanted != Wanted()) > 1:
        raise UserError("Name one photo, or select photos with options, or --resume a batch: one of the three.")
    if image and not dry_run:
        _one(pipeline, image, as_json=as_json)
        return
    if resume:
        _start(pipeline, Batch(resume), rate, as_json=as_json)
        return
    reruns = [Rerun(pipeline.key_of(image), "", None)] if image else _selected(pipeline, wanted)
    if dry_run:
        _list(reruns, as_json=as_json)
        return
    note(_sum(len(reruns)))
    _require_consent(yes=yes)
    _start(pipeline, Batch.plan(pipeline.machine, reruns), rate, as_json=as_json)


def _one(pipeline: Pipeline, image: str, *, as_json: bool) -> None:
    arn = pipeline.reprocess(pipeline.key_of(image))
    if as_json:
        print_json({"execution": arn})
    else:
        say(f"Started {arn}")


def _selected(pipeline: Pipeline, wanted: Wanted) -> list[Rerun]:
    with err.status("Looking ..."):
        reruns = select(pipeline, wanted)
    if not reruns:
        raise UserError("Nothing matches.")
    return reruns


def _sum(count: int) -> str:
    return f"{count} photo(s), about ${dollars(count):,.4f} for Rekognition and Step Functions on AWS."


def _list(reruns: list[Rerun], *, as_json: bool) -> None:
    if as_json:
        print_json({"photos": [one.key for one in reruns], "dollars": dollars(len(reruns))})
        return
    for one in reruns:
        say(one.key)
    note(f"Dry run, nothing was started: {_sum(len(reruns))}")


def _require_consent(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UserError("Nobody is here to ask: add --yes, or --dry-run to see which photos.")
    typer.confirm("Run them again?", abort=True, err=True)


def _start(pipeline: Pipeline, batch: Batch, rate: float, *, as_json: bool) -> None:
    inputs = batch.left(pipeline.machine)
    with _resumable(batch), progress() as bar:
        started = list(bar.track(batch.start(pipeline, inputs, rate), total=len(inputs), description="Starting"))
    if as_json:
        print_json({"batch": batch.name, "started": started, "dollars": dollars(len(started))})
    else:
        say(f"Started {len(started)} execution(s); `imagelabels watch --follow` shows them.")


@contextmanager
def _resumable(batch: Batch) -> Iterator[None]:
    try:
        yield
    except BaseException:
        note(f"Stopped half-way. Go on with: imagelabels reprocess --resume {batch.name}")
        raise
