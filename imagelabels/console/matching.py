"""All photos of which an execution meets a filter: what "Run all again" would start, within bounds."""

import shlex
from typing import NamedTuple

from imagelabels.console.failures import subject
from imagelabels.console.filters import Filter
from imagelabels.console.listing import page
from imagelabels.console.rows import name_of
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.stack.bulk_reads import labelled_at
from imagelabels.stack.executions import NO_PHOTO, RUNNING, Execution

# What a person can still survey; more are a batch of the command line, which can be stopped and resumed.
MOST = 100
# Each may cost a DescribeExecution, of which an account has 15 a second after a burst of 300.
MOST_LOOKED_AT = 400
# After these a photo is run again only if it was not labelled since.
MENDABLE = {"failed", "rejected"}


class Matching(NamedTuple):
    """The names of executions, each photo once. `looked` were looked at; `more` says that older ones may meet it, too.

    `settled` photos are left out, because they were labelled since.
    """

    names: list[str]
    looked: int
    more: bool
    settled: int


def matching(source: Source, wanted: Filter) -> Matching:
    """Return what meets the filter, the newest first; raises UserError for no filter, and when nothing meets it."""
    if not wanted.query:
        raise UserError("Choose a filter first: without one, these would be all photos.")
    photos: dict[str, Execution] = {}
    looked, cursor = 0, ""
    while True:
        part = page(source, wanted, cursor)
        looked, cursor = looked + part.looked, part.more
        for one in part.executions:
            if one.outcome != RUNNING:
                photos.setdefault(subject(one), one)
        if not cursor or len(photos) >= MOST or looked >= MOST_LOOKED_AT:
            break
    since = labelled_at(source.stack, list(photos)) if photos and wanted.outcome in MENDABLE else {}
    left = [one for one in photos.values() if one.key not in since or since[one.key] < one.started]
    if not left:
        raise UserError("Nothing to run again: no execution that ended meets this filter, or all were labelled since.")
    chosen = [name_of(one.arn) for one in left[:MOST]]
    return Matching(chosen, looked, bool(cursor) or len(left) > MOST, len(photos) - len(left))


def command(wanted: Filter, found: list[Execution]) -> str:
    """Return the command that starts all that meet a filter, "" for one that `imagelabels reprocess` does not know."""
    errors = {one.reason.partition(": ")[0] for one in found}
    if any(one.key == NO_PHOTO for one in found):
        return ""
    if wanted == Filter(outcome=wanted.outcome) and wanted.outcome in MENDABLE:
        return f"imagelabels reprocess --outcome {wanted.outcome}"
    # As the strip of what is failing now leads to.
    if wanted == Filter("failed", wanted.state, wanted.text) and {wanted.text} == errors:
        return f"imagelabels reprocess --error {shlex.quote(wanted.text)}"
    return ""
