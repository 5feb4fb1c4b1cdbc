"""What is going on now: how many run, how many failed and have not been labelled since."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from imagelabels.console.failures import Group, failing
from imagelabels.console.listing import AT_ONCE
from imagelabels.console.source import Source
from imagelabels.stack.bulk_reads import labelled_at
from imagelabels.stack.executions import RUNNING, UNSUCCESSFUL

# The newest failures tell what fails now; each is described once.
MOST_FAILED = 25


class Count(NamedTuple):
    """How many there are; `more` when there are more than one page of ListExecutions."""

    number: int
    more: bool

    def __str__(self) -> str:
        return f"{self.number}{'+' if self.more else ''}"


def running_now(source: Source) -> Count:
    return _count(source, (RUNNING,))


def tally(running: Count, source: Source) -> dict[str, Count]:
    """Return the counts by outcome that ListExecutions gives away; the others would cost a look at each execution."""
    return {"running": running, "failed": _count(source, UNSUCCESSFUL)}


def _count(source: Source, statuses: tuple[str, ...]) -> Count:
    pages = [source.listed(status) for status in statuses]
    return Count(sum(len(one.executions) for one in pages), any(one.token for one in pages))


def failed_now(source: Source) -> list[Group]:
    """Return the newest failures in groups, without photos that were labelled since."""
    every = [one for status in UNSUCCESSFUL for one in source.listed(status).executions]
    newest = sorted(every, key=lambda one: one["startDate"], reverse=True)[:MOST_FAILED]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(source.glance, newest))
    since = labelled_at(source.stack, list({one.key for one in found})) if found else {}
    return failing(one for one in found if one.key not in since or since[one.key] < one.started)
