"""`imagelabels reprocess`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from imagelabels.backfill import runs
from imagelabels.commands import completion
from imagelabels.commands.options import WATCH, AsJson
from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.errors import UserError, WrongUsageError
from imagelabels.reprocess import photo
from imagelabels.reprocess.batch import Batch
from imagelabels.reprocess.price import beside, cost, dollars_of
from imagelabels.reprocess.selection import Criteria, Outcome, Rerun, select
from imagelabels.stack import photos
from imagelabels.stack.connection import Stack
from imagelabels.terminal.console import err, note, print_json, progress, say
from imagelabels.terminal.times import moment
from imagelabels.words import counted
from imagelabels_shared.library import Entry


def reprocess(
    image: Annotated[
        str | None, typer.Argument(help="One photo's key, or bucket/key.", autocompletion=completion.keys)
    ] = None,
    *,
    prefix: Annotated[str | None, typer.Option(help='All photos whose key starts with it; "" is every photo.')] = None,
    label: Annotated[
        str | None, typer.Option(help="All photos that have this label.", autocompletion=completion.labels)
    ] = None,
    outcome: Annotated[
        Outcome | None, typer.Option(help="All photos whose last run ended so and that were not labelled since.")
    ] = None,
    error: Annotated[str | None, typer.Option(help="As --outcome failed, with this error only.")] = None,
    before: Annotated[
        str, typer.Option(help="Only photos last run before: 12h, 7d, 2w, or a date like 2026-11-22.")
    ] = "",
    version: Annotated[str, typer.Option(help="Of the one photo: this version instead of the newest.")] = "",
    rate: Annotated[float, typer.Option(min=0.01, help="Executions started a second.")] = 5,
    resume: Annotated[str, typer.Option(help="Continue a batch that was interrupted.", metavar="BATCH")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print the photos, their number and the cost.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Run photos through the workflow again: one by its name, or all that meet the options.

    The newest version of each photo runs. An older one, which --version names, shows how it would end, and its labels
    are not written. Number and cost come first. --resume continues an interrupted batch and starts nothing twice.
    More than 1,000 photos run in the account, as those of `imagelabels backfill` do.
    """
    stack = connect()
    criteria = Criteria(prefix, label, outcome, error, moment(before) if before else None)
    if bool(image) + bool(resume) + (criteria != Criteria()) > 1:
        raise WrongUsageError("Name one photo, or select photos with options, or --resume a batch: one of the three.")
    if version and (not image or dry_run):
        raise WrongUsageError("--version needs one photo's name, and --dry-run cannot be with it.")
    key = photos.key_of(stack, image) if image else ""
    if key:
        photos.require(stack, key, version)
    if key and not dry_run:
        note(_number_and_cost(stack, 1, rate))
        confirm(stack, "Run it again", yes=yes)
        _reprocess_one(stack, key, version, as_json=as_json)
        return
    if resume:
        batch = Batch(resume)
        note(_number_and_cost(stack, len(batch.left(stack.machine)), rate))
        confirm(stack, "Run them again", yes=yes)
        _start(stack, batch, rate, as_json=as_json)
        return
    reruns = [Rerun(key, "", None)] if key else _selected(stack, criteria)
    if dry_run:
        _list(reruns, dollars_of(stack, len(reruns)), _number_and_cost(stack, len(reruns), rate), as_json=as_json)
        return
    note(_number_and_cost(stack, len(reruns), rate))
    confirm(stack, "Run them again", yes=yes)
    if len(reruns) > runs.MOST_FROM_HERE:
        _start_run(stack, reruns, rate, as_json=as_json)
    else:
        _start(stack, Batch.plan(stack.machine, reruns), rate, as_json=as_json)


def _reprocess_one(stack: Stack, key: str, version: str, *, as_json: bool) -> None:
    arn = photo.reprocess(stack, key, version)
    if version and not photos.is_newest(stack, key, version):
        note("This version is not the newest: its run ends SUPERSEDED, and the table stays as it is.")
    if as_json:
        print_json({"execution": arn})
    else:
        say(f"Started {arn}")
        note(WATCH)


def _selected(stack: Stack, criteria: Criteria) -> list[Rerun]:
    with err.status("Looking ..."):
        reruns = select(stack, criteria)
    if not reruns:
        raise UserError("Nothing matches.")
    return reruns


def _number_and_cost(stack: Stack, count: int, rate: float) -> str:
    return f"{counted(count, 'photo')}: {cost(stack, count)}.{beside(stack, count / rate)}"


def _list(reruns: list[Rerun], dollars: float, number_and_cost: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"photos": [rerun.key for rerun in reruns], "dollars": dollars})
        return
    for rerun in reruns:
        say(rerun.key)
    note(f"Dry run, nothing was started: {number_and_cost}")


def _start(stack: Stack, batch: Batch, rate: float, *, as_json: bool) -> None:
    inputs = batch.left(stack.machine)
    with _resumable(batch), progress() as bar:
        started = list(bar.track(batch.start(stack, inputs, rate), total=len(inputs), description="Starting"))
    if as_json:
        print_json({"batch": batch.name, "started": started, "dollars": dollars_of(stack, len(started))})
    else:
        say(f"Started {counted(len(started), 'execution')}.")
        note(WATCH)


def _start_run(stack: Stack, reruns: list[Rerun], rate: float, *, as_json: bool) -> None:
    name = runs.start_list(stack, (Entry(rerun.key, "", "", None) for rerun in reruns), rate)
    if as_json:
        print_json({"run": name, "photos": len(reruns), "dollars": dollars_of(stack, len(reruns))})
    else:
        say(f"Started {name}; `imagelabels backfill status` shows it, and it needs this machine no more.")


@contextmanager
def _resumable(batch: Batch) -> Iterator[None]:
    try:
        yield
    except BaseException:
        note(f"Stopped half-way. Go on with: imagelabels reprocess --resume {batch.name}")
        raise
