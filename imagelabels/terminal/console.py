"""Where a command's words go: results to standard output, everything else to standard error.

Nothing else prints. So every text has passed `imagelabels_shared.text`, and Rich takes none of it for markup.
"""

import json
from decimal import Decimal
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from imagelabels_shared.text import MOST_CHARACTERS, is_hidden, one_line

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
# A line has several texts in it that anybody can choose, and each is bounded.
MOST_IN_A_LINE = 4 * MOST_CHARACTERS
# A table folds what is longer than its columns.
MOST_IN_A_CELL = 300


def say(line: str, style: str = "") -> None:
    """Print one line of a result: no markup, no wrapping, nothing that breaks it."""
    out.print(cell(line, style, MOST_IN_A_LINE), soft_wrap=True)


def note(line: str) -> None:
    """Print what is no result, such as a remark or a cost, to standard error."""
    err.print(cell(line, "dim", MOST_IN_A_LINE), soft_wrap=True)


def complain(line: str) -> None:
    """Print what went wrong to standard error."""
    err.print(cell(line, "red", MOST_IN_A_LINE), soft_wrap=True)


def cell(text: str, style: str = "", most: int = MOST_IN_A_CELL) -> Text:
    """Return text that anybody can choose as Rich prints it: one line, and no markup."""
    return Text(one_line(text, most), style)


def add(view: Table, *cells: str | Text) -> None:
    """Add a row of texts that anybody can choose; what is a Text already comes from `cell`."""
    view.add_row(*(cell(one) if isinstance(one, str) else one for one in cells))


def print_view(view: RenderableType) -> None:
    """Print a table or what else was put together from `cell`."""
    out.print(view, soft_wrap=not isinstance(view, Table))


def print_fields(*fields: str) -> None:
    """Print one line of tab-separated fields for `cut` and `while read`; rich would make spaces of the tabs."""
    print(*map(one_line, fields), sep="\t")  # noqa: T201  # scripts want no rich


def print_exactly(*keys: str) -> None:
    """Print keys as they are for `xargs -0`, each with a NUL behind it."""
    print(*keys, sep="\0", end="\0" if keys else "")  # noqa: T201  # scripts want no rich


def progress() -> Progress:
    """Return a progress bar on standard error, which shows nothing unless somebody looks at it."""
    return Progress(*Progress.get_default_columns(), console=err, transient=True, disable=not err.is_terminal)


def print_json(document: Any, indent: int | None = 2) -> None:
    """Print a document for scripts, which want no rich; without `indent` on one line."""
    print(as_json(document, indent))  # noqa: T201  # scripts want no rich


def as_json(document: Any, indent: int | None = None) -> str:
    """Return JSON that keeps every value exactly and is still safe to look at: what would be hidden is escaped."""
    plain = json.dumps(document, ensure_ascii=False, indent=indent, default=_number)
    # json escapes line breaks inside of strings, so those that are left are its own.
    return "".join(json.dumps(one)[1:-1] if one != "\n" and is_hidden(one) else one for one in plain)


def _number(value: Decimal) -> float:
    """The table's numbers are exact decimals; a script expects JSON's."""
    return int(value) if value == int(value) else float(value)
