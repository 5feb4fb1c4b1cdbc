"""The list of executions with what is going on now: how many run, how many failed and have not been labelled since."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from imagelabels.console.failures import Group, failing
from imagelabels.console.filters import Filter
from imagelabels.console.listing import AT_ONCE, Page, page
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


class Overview(NamedTuple):
    """A page of the list, the failures of now in groups, and the counts by outcome that ListExecutions gives away."""

    page: Page
    failing: list[Group]
    tally: dict[str, Count]


# What a page shows that was made before the first look has ended.
NOTHING_YET = Overview(Page([], "", 0), [], {})


def overview(source: Source, wanted: Filter, cursor: str = "", through: str = "") -> Overview:
    """Return the part of the list that `listing.page` finds, with what is going on now."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        shown = threads.submit(page, source, wanted, cursor, through)
        # The lists that both of the others need, each asked for once.
        list(threads.map(source.listed, (RUNNING, *UNSUCCESSFUL)))
        failing_now = failed_now(source)
    counts = {"running": _count(source, (RUNNING,)), "failed": _count(source, UNSUCCESSFUL)}
    return Overview(shown.result(), failing_now, counts)


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
