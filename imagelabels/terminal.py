"""Where a command's words go: results to standard output, everything else to standard error."""

import json
from decimal import Decimal
from typing import Any

from rich.console import Console

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """Print one line of a result as it is: no markup, no wrapping."""
    out.print(line, markup=False, soft_wrap=True)


def print_json(document: Any) -> None:
    """Print a document for scripts, which want no rich."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=_number))  # noqa: T201  # scripts want no rich


def _number(value: Decimal) -> float:
    """The table's numbers are exact decimals; a script expects JSON's."""
    return int(value) if value == int(value) else float(value)
