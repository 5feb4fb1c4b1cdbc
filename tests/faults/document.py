"""docs/fault-matrix.md, written from a run of the whole matrix."""

from itertools import groupby
from pathlib import Path

from tests.faults.cell import Cell
from tests.faults.verdict import Verdict

FILE = Path(__file__).parents[2] / "docs" / "fault-matrix.md"
HEAD = """# What happens when a call fails

Made by `make matrix`, which runs every cell on the local engine; a test compares this page with the calls that the
functions make today, and `make soak` with a run of all of it. Do not edit it by hand.

Each cell is one AWS call of one function with one fault, on a photo of its own that is uploaded, rejected, or deleted
again. In every cell, after the fault has ended and the runbook was followed, the table is the same as without a fault,
one report was sent for the version and one for each restart, each execution and each deletion has its item on the
audit trail, and no dead-letter queue has a message.

- **heals**: by itself, through the definition's Retry, SQS's next delivery or botocore's second attempt.
- **restart**: the execution ends FAILED and names the cause; a person starts it again after the cause is fixed.
- **sent back**: the message becomes a dead letter; a person sends it back after the cause is fixed.
- **1+**: at least one report instead of exactly one. SNS took the message and its answer was lost, so the caller cannot
  know, and a standard topic does not detect duplicates. A second mail is better than none.
"""


def render(verdicts: list[Verdict]) -> str:
    """Return the page: a table per function, faults down, calls across."""
    by_function = groupby(sorted(verdicts, key=_function), _function)
    tables = [_table(function, list(group)) for function, group in by_function]
    return f"{HEAD}\n{len(verdicts)} cells.\n\n" + "\n".join(tables)


def _function(verdict: Verdict) -> str:
    return verdict.cell.function


def _table(function: str, verdicts: list[Verdict]) -> str:
    actions = list(dict.fromkeys(verdict.cell.action for verdict in verdicts))
    names = list(dict.fromkeys(verdict.cell.name for verdict in verdicts))
    found = {(verdict.cell.name, verdict.cell.action): _word(verdict) for verdict in verdicts}
    rows = [[name, *(found.get((name, action), "") for action in actions)] for name in names]
    lines = [["fault", *actions], ["---"] * (len(actions) + 1), *rows]
    return f"## {function}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _word(verdict: Verdict) -> str:
    word = "restart" if verdict.restarts else "sent back" if verdict.cell.becomes_a_dead_letter else "heals"
    return f"{word}, 1+" if verdict.cell.at_least_one_report else word


def has(page: str, cell: Cell) -> bool:
    """Whether the page shows this cell."""
    _before, _heading, rest = page.partition(f"## {cell.function}\n")
    lines = [line.strip("| ").split(" | ") for line in rest.split("\n## ", maxsplit=1)[0].splitlines() if "|" in line]
    row = next((line for line in lines if line[0] == cell.name), None)
    return bool(row and cell.action in lines[0] and row[lines[0].index(cell.action)])
