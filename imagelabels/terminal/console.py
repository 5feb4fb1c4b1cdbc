"""The only module that prints for the commands: results on standard output, everything else on standard error.

So every text has passed `imagelabels_shared.text`, and Rich takes none of it for markup. JSON has one form: a command
prints one document (`print_json`), or, when it lists runs, dead letters, disagreements or changes, one document per
line (`print_json_line`).
"""

import io
import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from imagelabels_shared.text import MOST_CHARACTERS, is_hidden, one_line

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
# A line holds several texts that other people choose, each of a bounded length.
MOST_IN_A_LINE = 4 * MOST_CHARACTERS
# A table folds text that is longer than its column.
MOST_IN_A_CELL = 300


def print_whatever_the_terminal_can() -> None:
    """Print `?` for what the terminal's encoding lacks (after LC_ALL=C, for example) instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(line: str, style: str = "") -> None:
    """Print one line of a result, without markup and without wrapping."""
    out.print(cell(line, style, MOST_IN_A_LINE), soft_wrap=True)


def note(line: str) -> None:
    """Print a remark, such as a cost, on standard error."""
    err.print(cell(line, "dim", MOST_IN_A_LINE), soft_wrap=True)


def complain(line: str) -> None:
    """Print what went wrong on standard error."""
    err.print(cell(line, "red", MOST_IN_A_LINE), soft_wrap=True)


def cell(text: str, style: str = "", most: int = MOST_IN_A_CELL) -> Text:
    """Return text that other people choose as Rich prints it: one line, without markup."""
    return Text(one_line(text, most), style)


def add(view: Table, *cells: RenderableType) -> None:
    """Add a row to a table; each str passes `cell`, each Text came from it, and a bar has no text."""
    view.add_row(*(cell(text) if isinstance(text, str) else text for text in cells))


def print_view(view: RenderableType) -> None:
    """Print a table, or another Rich object that was made from `cell`."""
    out.print(view, soft_wrap=not isinstance(view, Table))


def joined(fields: Iterable[str]) -> str:
    """Return one line of the fields that are not empty, with two spaces between them."""
    return "  ".join(one_line(field) for field in fields if field)


def print_fields(*fields: str) -> None:
    """Print one line of tab-separated fields for `cut` and `while read`."""
    print(*map(one_line, fields), sep="\t")  # noqa: T201  # Rich would turn tabs into spaces


def print_exactly(*keys: str) -> None:
    """Print keys as they are for `xargs -0`, in UTF-8 as on AWS, with a NUL after each."""
    text = "".join(f"{key}\0" for key in keys)
    if _is_utf8(sys.stdout):
        print(text, end="")  # noqa: T201  # Rich would change the keys
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())


def progress() -> Progress:
    """Return a progress bar on standard error, which shows nothing when that is not a terminal."""
    return Progress(*Progress.get_default_columns(), console=err, transient=True, disable=not err.is_terminal)


def print_json(document: Any) -> None:
    """Print the one JSON document of a command, indented."""
    print(as_json(document, indent=2))  # noqa: T201  # Rich would wrap lines


def print_json_line(document: Any) -> None:
    """Print one of several JSON documents, on one line."""
    print(as_json(document))  # noqa: T201  # Rich would wrap lines


def as_json(document: Any, indent: int | None = None) -> str:
    """Return JSON that keeps every value exactly and is safe on a terminal: hidden characters are escaped."""
    plain = json.dumps(document, ensure_ascii=not _is_utf8(sys.stdout), indent=indent, default=_number)
    # JSON escapes the line breaks inside of strings, so the remaining ones are those of the indentation.
    return "".join(json.dumps(char)[1:-1] if char != "\n" and is_hidden(char) else char for char in plain)


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "utf-8").lower().replace("-", "").startswith("utf")


def _number(value: Decimal) -> float:
    """Return a number of DynamoDB, which is a Decimal, as JSON has it."""
    return int(value) if value == int(value) else float(value)
