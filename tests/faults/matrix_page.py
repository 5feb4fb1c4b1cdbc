"""docs/fault-matrix.md, written from a run of the whole matrix."""

from itertools import groupby
from pathlib import Path

from tests.faults.cells import Cell
from tests.faults.result import Result

FILE = Path(__file__).parents[2] / "docs" / "fault-matrix.md"
HEAD = """# What happens when a call fails

Made by `make matrix`, which runs every cell on the local engine; a test compares this page with the calls that the
functions make today, and `make soak` with a run of all of it. Do not edit it by hand.

Each cell is one AWS call of one function with one fault, on a photo of its own that is uploaded, rejected, or deleted
again. In every cell, after the fault is gone and the runbook was followed, the table is the same as without a fault,
one report was sent for the version and one for each restart, each execution and each deletion has its item in the
audit trail, and every dead-letter queue is empty.

- **heals**: by itself, through the definition's Retry, SQS's next delivery or botocore's one second attempt.
- **restart**: the execution ends FAILED with its cause; a person restarts it after the cause is fixed.
- **sent back**: the message becomes a dead letter; a person sends it back after the cause is fixed.
- **1+**: at least one report instead of exactly one. SNS took the message and its response was lost, and a standard
  topic does not find duplicates. A second mail is better than none.
"""


def render(results: list[Result]) -> str:
    """Return the page: a table for each function, with a row for each fault and a column for each call."""
    by_function = groupby(sorted(results, key=_function), _function)
    tables = [_table(function, list(group)) for function, group in by_function]
    return f"{HEAD}\n{len(results)} cells.\n\n" + "\n".join(tables)


def _function(result: Result) -> str:
    return result.cell.function


def _table(function: str, results: list[Result]) -> str:
    actions = list(dict.fromkeys(result.cell.action for result in results))
    names = list(dict.fromkeys(result.cell.name for result in results))
    words = {(result.cell.name, result.cell.action): _word(result) for result in results}
    rows = [[name, *(words.get((name, action), "") for action in actions)] for name in names]
    lines = [["fault", *actions], ["---"] * (len(actions) + 1), *rows]
    return f"## {function}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _word(result: Result) -> str:
    word = "restart" if result.restarts else "sent back" if result.sent_back else "heals"
    return f"{word}, 1+" if result.cell.at_least_one_report else word


def has(page: str, cell: Cell) -> bool:
    """Whether the page shows this cell."""
    _before, _heading, rest = page.partition(f"## {cell.function}\n")
    lines = [line.strip("| ").split(" | ") for line in rest.split("\n## ", maxsplit=1)[0].splitlines() if "|" in line]
    row = next((line for line in lines if line[0] == cell.name), None)
    return bool(row and cell.action in lines[0] and row[lines[0].index(cell.action)])
