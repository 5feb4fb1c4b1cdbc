"""JSON as a page shows it: lines of coloured pieces, bounded, whatever the text is."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from imagelabels.terminal.console import as_json

# A state's data is at most 262,144 bytes; a page shows what a person reads, and the copy button gives all of it.
MOST_LINES = 400
PIECE = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>true|false|null)|(?P<other>[^\"\w-]+|.)"
)
# JSON inside of a JSON string: causes of Lambda functions, and messages of queues.
NESTED = ("Cause", "MessageBody")


class Piece(NamedTuple):
    """A piece of a line; `kind` is key, string, number, word or other."""

    kind: str
    text: str


def pretty(text: str) -> str:
    """Return indented JSON that says the same, hidden characters escaped; a text that is no JSON as it is."""
    try:
        return as_json(_opened(json.loads(text)), indent=2)
    except (ValueError, RecursionError):
        return text


def plain(text: str) -> list[list[Piece]]:
    """Return the lines of a text that is no JSON."""
    return [[Piece("other", line)] for line in text.split("\n")]


def _opened(value: object) -> object:
    match value:
        case dict():
            return {name: _inner(one) if name in NESTED else _opened(one) for name, one in value.items()}
        case list():
            return [_opened(one) for one in value]
    return value


def _inner(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else _opened(value)
    except (ValueError, RecursionError):
        return value


def lines(text: str) -> list[list[Piece]]:
    """Return the lines of a JSON text as pieces to colour, at most MOST_LINES."""
    every = pretty(text).splitlines()
    shown = [list(_pieces(line)) for line in every[:MOST_LINES]]
    left = len(every) - len(shown)
    return [*shown, [Piece("other", f"… {left} more lines")]] if left else shown


def _pieces(line: str) -> Iterator[Piece]:
    for found in PIECE.finditer(line):
        yield Piece(found.lastgroup or "other", found.group())
