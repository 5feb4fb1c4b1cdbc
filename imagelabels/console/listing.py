"""A page of the list: as many executions as are shown, and no more looked at than is bounded here."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from imagelabels.console.filters import Filter
from imagelabels.console.rows import name_of
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.stack.executions import Execution
from imagelabels_shared.timestamps import timestamp

PAGE = 25
# A filter that ListExecutions does not know costs a DescribeExecution for each execution that is passed over.
MOST_LOOKED_AT = 200
AT_ONCE = 6


class Page(NamedTuple):
    """Executions, the newest first. `more` is where to go on, "" at the end; `looked` how many were looked at."""

    executions: list[Execution]
    more: str
    looked: int


class Cursor(NamedTuple):
    """An execution in the list, with the token of the page of ListExecutions that it is on; `name` "" is the top."""

    token: str | None = None
    started: str = ""
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what `text` wrote; raises UserError for anything else."""
        try:
            found = cls(*json.loads(base64.urlsafe_b64decode(text))) if text else cls()
            datetime.fromisoformat(found.started or "2026-01-01")
        except (ValueError, TypeError) as error:
            raise UserError("This address is cut off: go back to the list.") from error
        return found

    @property
    def text(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode()


class _Seen(NamedTuple):
    """What ListExecutions says of an execution, and the token of the page that it is on."""

    listed: dict[str, Any]
    token: str | None

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.token, timestamp(self.listed["startDate"]), name_of(self.listed["executionArn"]))


def page(source: Source, wanted: Filter, cursor: str = "", through: str = "") -> Page:
    """Return at least PAGE executions that meet the filter, down to the one named `through` if it is near."""
    found: list[Execution] = []
    looked, stream = 0, _stream(source, wanted, Cursor.parse(cursor))
    while some := list(islice(stream, PAGE)):
        with ThreadPoolExecutor(AT_ONCE) as threads:
            executions = list(threads.map(source.glance, (one.listed for one in some)))
        for seen, one in zip(some, executions, strict=True):
            looked += 1
            found += [one] if wanted.meets(one) else []
            if _enough(found, looked, through):
                return Page(found, seen.cursor.text, looked)
    return Page(found, "", looked)


def _enough(found: list[Execution], looked: int, through: str) -> bool:
    reached = not through or any(name_of(one.arn) == through for one in found)
    return (len(found) >= PAGE and reached) or looked >= MOST_LOOKED_AT


def _stream(source: Source, wanted: Filter, place: Cursor) -> Iterator[_Seen]:
    """Yield executions of the wanted statuses that are older than the place, as far back as the filter says."""
    statuses, earliest = wanted.statuses, wanted.earliest()
    token = place.token if len(statuses) == 1 else None
    pages = [_of(source, status, token) for status in statuses]
    for one in _behind(merge(*pages, key=lambda seen: seen.listed["startDate"], reverse=True), place):
        if earliest and one.listed["startDate"] < earliest:
            return
        yield one


def _of(source: Source, status: str | None, token: str | None) -> Iterator[_Seen]:
    while True:
        executions, following = source.listed(status, token)
        yield from (_Seen(one, token) for one in executions)
        if following is None:
            return
        token = following


def _behind(stream: Iterator[_Seen], place: Cursor) -> Iterator[_Seen]:
    """Leave out what came before the place: new executions push others onto the next page meanwhile."""
    passed = not place.name
    for one in stream:
        started, name = timestamp(one.listed["startDate"]), name_of(one.listed["executionArn"])
        if not place.name or started < place.started or (passed and started == place.started):
            yield one
        passed = passed or name == place.name
