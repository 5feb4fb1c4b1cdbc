"""Where a command's words go: results to standard output, everything else to standard error."""

import json
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.progress import Progress

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """Print one line of a result as it is: no markup, no wrapping."""
    out.print(line, markup=False, soft_wrap=True)


def note(line: str) -> None:
    """Print what is no result, such as a remark or a cost, to standard error."""
    err.print(line, style="dim", markup=False, soft_wrap=True)


def print_fields(*fields: str) -> None:
    """Print one line of tab-separated fields for `cut` and `while read`; rich would make spaces of the tabs."""
    print(*fields, sep="\t")  # noqa: T201  # scripts want no rich


def progress() -> Progress:
    """Return a progress bar on standard error, which shows nothing unless somebody looks at it."""
    return Progress(*Progress.get_default_columns(), console=err, transient=True, disable=not err.is_terminal)


def print_json(document: Any) -> None:
    """Print a document for scripts, which want no rich."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_number))  # noqa: T201  # scripts want no rich


def _number(value: Decimal) -> float:
    """The table's numbers are exact decimals; a script expects JSON's."""
    return int(value) if value == int(value) else float(value)
