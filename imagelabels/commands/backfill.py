"""`imagelabels backfill`."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Literal

import typer

from imagelabels.backfill import runs
from imagelabels.backfill.inventory import inventory as objects_of_inventory
from imagelabels.backfill.photos import Counted, Request, in_spelling, objects, to_label
from imagelabels.backfill.progress import Progress, progress
from imagelabels.commands.options import AsJson
from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.errors import UserError, WrongUsageError
from imagelabels.reprocess.price import beside, cost, dollars_of
from imagelabels.stack.connection import Stack
from imagelabels.terminal.console import err, note, print_json, say
from imagelabels.terminal.times import moment
from imagelabels.words import counted
from imagelabels_shared.timestamps import timestamp

Action = Literal["start", "status", "stop"]


def backfill(
    action: Annotated[Action, typer.Argument(help="start, or status or stop of the newest one.")] = "start",
    *,
    prefix: Annotated[str, typer.Option(help="Only photos whose key starts with it.")] = "",
    since: Annotated[
        str, typer.Option(help="Only photos uploaded since: 12h, 7d, 2w, or a date like 2026-11-22.")
    ] = "",
    inventory: Annotated[
        str, typer.Option(help="List the photos from an S3 Inventory (CSV).", metavar="S3://BUCKET/.../MANIFEST.JSON")
    ] = "",
    again: Annotated[bool, typer.Option("--again", help="Also photos that are labelled already.")] = False,
    rate: Annotated[
        float | None, typer.Option(min=0.01, help="Photos started a second; Rekognition's rate by default.")
    ] = None,
    run: Annotated[str, typer.Option(help="Of status and stop: this backfill instead of the newest.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the number, the cost and the time.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Label the photos that are in the bucket already; photos that are labelled already are skipped.

    Number, cost and time come first. It runs in the account: this machine may be switched off. Photos that are uploaded
    meanwhile do not wait for it.
    """
    stack = connect()
    if action != "start" and (prefix or since or inventory or again or rate or dry_run):
        raise WrongUsageError(f"`backfill {action}` takes --run and --json only.")
    if action == "start" and run:
        raise WrongUsageError("--run is for `backfill status` and `backfill stop`.")
    if action == "status":
        _status(progress(stack, run or runs.newest(stack)), as_json=as_json)
    elif action == "stop":
        _stop(stack, run, yes=yes, as_json=as_json)
    else:
        request = Request(_prefix(stack, prefix), moment(since) if since else None, again)
        _start(stack, request, inventory, rate or runs.rate_of(stack), dry_run=dry_run, yes=yes, as_json=as_json)


def _prefix(stack: Stack, prefix: str) -> str:
    """Return the prefix as the bucket spells it; raises UserError for one outside that of the stack."""
    if not prefix:
        return stack.prefix
    spelled = in_spelling(stack, prefix)
    if not spelled.startswith(stack.prefix):
        raise UserError(f"This stack labels photos under {stack.prefix!r} only, and {prefix!r} is not under it.")
    return spelled


def _start(
    stack: Stack, request: Request, inventory: str, rate: float, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    photos = _photos(stack, request, inventory)
    facts = {"photos": photos.photos, "labelled": photos.labelled, "dollars": dollars_of(stack, photos.photos)}
    facts |= {"seconds": round(photos.photos / rate), "perSecond": rate}
    note(_number_cost_and_time(stack, photos, rate))
    if not photos.photos or dry_run:
        if as_json:
            print_json(facts)
        else:
            say("Dry run, nothing was started." if photos.photos else "Nothing is to be labelled.")
        return
    confirm(stack, "Label them", yes=yes)
    if inventory:
        listed = to_label(stack, objects_of_inventory(stack, inventory), request, Counted())
        name = runs.start_list(stack, listed, rate)
    else:
        name = runs.start(stack, request, rate)
    if as_json:
        print_json({"run": name, **facts})
    else:
        say(f"Started {name}; `imagelabels backfill status` shows it, and it needs this machine no more.")


def _photos(stack: Stack, request: Request, inventory: str) -> Counted:
    photos = Counted()
    entries = objects_of_inventory(stack, inventory) if inventory else objects(stack, request.prefix)
    with err.status("Counting ..."):
        for _entry in to_label(stack, entries, request, photos):
            pass
    return photos


def _number_cost_and_time(stack: Stack, photos: Counted, rate: float) -> str:
    skipped = f", and {photos.labelled:,} labelled already, which are skipped" if photos.labelled else ""
    seconds = photos.photos / rate
    return (
        f"{counted(photos.photos, 'photo')} to label{skipped}: {cost(stack, photos.photos)}, "
        f"{_duration(seconds)} at {rate:g} a second.{beside(stack, seconds)}"
    )


def _duration(seconds: float) -> str:
    return f"{timedelta(seconds=round(seconds))}" if seconds >= 1 or not seconds else "under a second"


def _status(found: Progress, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(found))
        return
    say(f"{found.run}: {found.status}, started {timestamp(found.started_at)}")
    say(f"{found.listed:,} listed, {found.skipped:,} skipped, {found.started:,} started, {found.waiting:,} waiting")
    ended = f"{found.ended:,} labelled, rejected or superseded"
    say(f"Of those started: {ended}, {found.running:,} running, {_failed(found)}")
    if found.seconds_left:
        say(f"About {_duration(found.seconds_left)} left at {found.per_second:g} a second.")
    if found.cause:
        say(found.cause)
    if found.status == "FAILED":
        say("When the cause is fixed, this goes on with what is left:")
        say(f"aws stepfunctions redrive-execution --execution-arn {found.arn}")


def _failed(found: Progress) -> str:
    by_error = ", ".join(f"{count:,} {name}" for name, count in found.failures.items())
    return f"{sum(found.failures.values()):,} failed" + (f" ({by_error})" if by_error else "")


def _document(found: Progress) -> dict[str, object]:
    names = {"started_at": "startedAt", "stopped_at": "stoppedAt", "per_second": "perSecond", "arn": "execution"}
    times = {"started_at": timestamp(found.started_at), "stopped_at": found.stopped_at and timestamp(found.stopped_at)}
    fields = asdict(found) | times
    more = {"waiting": found.waiting, "ended": found.ended, "secondsLeft": round(found.seconds_left)}
    return {names.get(name, name): value for name, value in fields.items()} | more


def _stop(stack: Stack, run: str, *, yes: bool, as_json: bool) -> None:
    stopped = [run] if run else runs.running(stack)
    if not stopped or run not in {"", *runs.running(stack)}:
        raise UserError(f"The backfill {run} does not run." if run else "No backfill runs.")
    confirm(stack, f"Stop {', '.join(stopped)}", yes=yes)
    for name in stopped:
        runs.stop(stack, name)
    if as_json:
        print_json({"stopped": stopped})
    else:
        say(f"Stopped {', '.join(stopped)}: no more photos are started; those that were are still labelled.")
