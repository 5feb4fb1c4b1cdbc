"""The photos of a batch, and those of them that are to be labelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.library import (
    MOST_AT_ONCE,
    PER_SECOND,
    Entry,
    Shown,
    entry_of,
    execution_name,
    is_labelled,
    is_wanted,
    shown,
)
from start_photos.environment import StartPhotosEnvironment


@dataclass(frozen=True)
class Batch:
    """Objects that Step Functions listed, and what was asked for.

    `execution` is the ARN of the batch's own execution, `run` the name of the execution of `label-library`.
    `at_once` batches run at a time, and `is_full` tells whether more are likely to come.
    """

    execution: str
    run: str
    entries: list[Entry]
    prefix: str
    since: datetime | None
    again: bool
    per_second: float
    at_once: int
    is_full: bool

    @classmethod
    def of_event(cls, event: Mapping[str, Any]) -> Self:
        """Read the payload. Raises ValueError, in one sentence, for what a person typed and cannot be used."""
        request, items = event["request"], event["items"]
        per_second = request.get("perSecond", PER_SECOND)
        if not isinstance(per_second, int | float) or not per_second > 0:
            raise ValueError(f"perSecond must be a number above 0, not {per_second!r}.")
        since = request.get("since")
        return cls(
            execution=event["execution"],
            run=event["run"],
            entries=[entry_of(item) for item in items],
            prefix=request["prefix"],
            since=datetime.fromisoformat(since) if since else None,
            again=request.get("again") is True,
            per_second=float(per_second),
            at_once=event["atOnce"],
            is_full=len(items) >= event["full"],
        )

    def wait_seconds(self, started: int, elapsed: float) -> int:
        """Return for how long the next batch in this one's place has to wait; nothing comes after the last one."""
        return max(0, round(self.at_once * started / self.per_second - elapsed)) if self.is_full else 0


def chosen(batch: Batch) -> list[Entry]:
    """Return the photos to start, each object once. Raises what `aws_call` raises.

    A photo that this very run has labelled meanwhile is among them: an earlier attempt at the batch started it.
    """
    entries = [entry for entry in batch.entries if is_wanted(entry, batch.prefix, batch.since)]
    known = {} if batch.again else _shown(entries)
    return [entry for entry in dict.fromkeys(entries) if not _is_done(batch, entry, known.get(entry.key))]


def _is_done(batch: Batch, entry: Entry, what: Shown | None) -> bool:
    own = what is not None and what.execution.endswith(f":{execution_name(batch.run, entry)}")
    return is_labelled(entry, what) and not own


def _shown(entries: list[Entry]) -> dict[str, Shown]:
    settings = StartPhotosEnvironment.from_environ()
    found: dict[str, Shown] = {}
    for first in range(0, len(entries), MOST_AT_ONCE):
        with aws_call("dynamodb:BatchGetItem", f"table/{settings.table_name}"):
            found |= shown(
                client("dynamodb"), settings.table_name, settings.images_bucket, entries[first : first + MOST_AT_ONCE]
            )
    return found
