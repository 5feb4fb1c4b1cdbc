"""An external sort, for more rows than memory should hold: sorted runs on disk, merged into one stream."""

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO

Row = tuple[str, ...]
ROWS_IN_MEMORY = 10_000


def sorted_on_disk(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows in order; at most ROWS_IN_MEMORY of them are in memory at a time."""
    with ExitStack() as files:
        runs = [_write(files.enter_context(tempfile.TemporaryFile("w+")), run) for run in _runs(rows)]
        yield from heapq.merge(*(_read(run) for run in runs))


def _runs(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while run := list(islice(remaining, ROWS_IN_MEMORY)):
        yield sorted(run)


def _write(file: IO[str], rows: list[Row]) -> IO[str]:
    file.writelines(json.dumps(row) + "\n" for row in rows)
    file.seek(0)
    return file


def _read(file: IO[str]) -> Iterator[Row]:
    return (tuple(json.loads(line)) for line in file)
