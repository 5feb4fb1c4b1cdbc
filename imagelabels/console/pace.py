"""How fast photos are labelled: the rate of Rekognition that is in force, and how far a backfill is."""

import time
from datetime import timedelta
from typing import NamedTuple

from imagelabels.backfill import runs
from imagelabels.backfill.progress import Progress, progress
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import RUNNING
from imagelabels_shared.turns.item import DETECT_LABELS
from imagelabels_shared.turns.schedule import SECOND, Limit

STYLES = {RUNNING: "running", "SUCCEEDED": "labelled"}


class Rate(NamedTuple):
    """`limit` is the setting `rekognitionPerSecond`, `now` what throttles left of it; in calls a second.

    `wait` is how long a photo that comes now waits for its turn, "" if it does not.
    """

    limit: float
    now: float
    wait: str

    @property
    def slowed(self) -> bool:
        return self.now < self.limit


class Backfill(NamedTuple):
    """The newest run of `imagelabels backfill`; `percent` of its listed photos are done."""

    name: str
    status: str
    style: str
    running: bool
    percent: float
    counts: str
    started: str
    left: str
    cause: str


class Pace(NamedTuple):
    rate: Rate
    backfill: Backfill | None


def pace(source: Source, now: float | None = None) -> Pace:
    return Pace(_rate(source.stack, now or time.time()), _newest(source.stack))


def _rate(stack: Stack, now: float) -> Rate:
    limit = Limit(runs.rate_of(stack))
    answer = stack.client("dynamodb").get_item(
        TableName=stack.outputs["ClaimsTableName"], Key={"id": {"S": DETECT_LABELS}}
    )
    item = {name: int(value["N"]) for name, value in answer.get("Item", {}).items() if "N" in value}
    interval = item.get("interval") or limit.between_calls
    waits = max(item.get("call_at", 0), item.get("live_at", 0)) / SECOND - now
    in_force = limit.per_second * limit.between_calls / interval
    return Rate(limit.per_second, in_force, _duration(waits) if waits >= 1 else "")


def _newest(stack: Stack) -> Backfill | None:
    try:
        return told(progress(stack, runs.newest(stack)))
    except UserError:
        return None


def told(found: Progress) -> Backfill:
    """Return a run in words and numbers."""
    failed = sum(found.failures.values())
    done = found.skipped + found.ended + failed
    by_error = ", ".join(f"{count:,} {name}" for name, count in found.failures.items())
    return Backfill(
        name=found.run,
        status=found.status.replace("_", " ").capitalize(),
        style=STYLES.get(found.status, "failed"),
        running=found.status == RUNNING,
        percent=min(100.0, 100 * done / found.listed) if found.listed else 0,
        counts=f"{found.listed:,} listed, {found.skipped:,} skipped, {found.started:,} started, "
        f"{found.waiting:,} waiting",
        started=f"{found.ended:,} ended well, {found.running:,} running, {failed:,} failed"
        + (f" ({by_error})" if by_error else ""),
        left=f"About {_duration(found.seconds_left)} left at {found.per_second:g} a second."
        if found.seconds_left
        else "",
        cause=found.cause,
    )


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
