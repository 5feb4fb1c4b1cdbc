"""The objects of a run, and which of them are labelled already; a million of them fit, because none is kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels.stack.spelling import spellings
from imagelabels_shared.library import MOST_AT_ONCE, Entry, entry_of, is_labelled, is_wanted, shown


@dataclass(frozen=True)
class Request:
    """Which photos are meant: those under `prefix`, last modified at `since` or later, `again` even if labelled."""

    prefix: str
    since: datetime | None
    again: bool


@dataclass
class Counted:
    """How many photos are to be labelled, and how many are `labelled` already; both grow while they are read."""

    photos: int = 0
    labelled: int = 0


def objects(stack: Stack, prefix: str) -> Iterator[Entry]:
    """Yield the objects of the bucket under a prefix, as ListObjectsV2 lists them."""
    pages = stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.bucket, Prefix=prefix)
    return (entry_of(item) for page in pages for item in page.get("Contents", []))


def in_spelling(stack: Stack, prefix: str) -> str:
    """Return a prefix in the Unicode spelling, NFC or NFD, in which the bucket has keys.

    Raises UserError when the bucket has keys in both: a run has one prefix.
    """
    used = [one for one in sorted(spellings(prefix)) if any(True for _ in islice(objects(stack, one), 1))]
    if len(used) > 1:
        raise UserError(f"The bucket has keys in both spellings of {prefix!r} (NFC and NFD): use a shorter prefix.")
    return used[0] if used else prefix


def to_label(stack: Stack, entries: Iterable[Entry], request: Request, counted: Counted) -> Iterator[Entry]:
    """Yield the photos of a run that are to be labelled, and count them."""
    wanted = (entry for entry in entries if is_wanted(entry, request.prefix, request.since))
    for batch in _batches(wanted):
        known = {} if request.again else shown(stack.client("dynamodb"), _table(stack), stack.bucket, batch)
        for entry in batch:
            if is_labelled(entry, known.get(entry.key)):
                counted.labelled += 1
            else:
                counted.photos += 1
                yield entry


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    for first in entries:
        yield list(chain([first], islice(entries, MOST_AT_ONCE - 1)))


def _table(stack: Stack) -> str:
    return stack.outputs["LabelsTableName"]
