"""Sorting more than memory should hold: sorted pieces on disk, read back as one stream."""

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO

Row = tuple[str, ...]
PIECE = 10_000


def sorted_on_disk(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows in order; at most PIECE of them are in memory at a time."""
    with ExitStack() as stack:
        pieces = [_write(stack.enter_context(tempfile.TemporaryFile("w+")), piece) for piece in _pieces(rows)]
        yield from heapq.merge(*(_read(piece) for piece in pieces))


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while piece := list(islice(remaining, PIECE)):
        yield sorted(piece)


def _write(file: IO[str], rows: list[Row]) -> IO[str]:
    file.writelines(json.dumps(row) + "\n" for row in rows)
    file.seek(0)
    return file


def _read(file: IO[str]) -> Iterator[Row]:
    return (tuple(json.loads(line)) for line in file)
