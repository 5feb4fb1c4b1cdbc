"""`imagelabels cost`."""

from datetime import UTC, datetime
from functools import partial
from itertools import islice, takewhile
from typing import Annotated, Any

import typer
from rich.table import Table

from imagelabels.commands.options import AsJson
from imagelabels.commands.target import connect
from imagelabels.costs.usage import Usage, history, memory_of_functions
from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import RUNNING, entries_of, in_parallel
from imagelabels.terminal.console import add, err, note, out, print_json, print_view
from imagelabels.words import counted, usd
from imagelabels_shared.costs import Part, of_month, total

THOUSAND = 1000
# The decimals of a photo's price and of that of a thousand.
EACH, OF_THOUSAND = 6, 3
# The columns, and the width of a terminal from which some are shown.
COLUMNS = ("part", "a photo", "1,000 photos", "what is counted")
AMOUNTS = {"a photo", "1,000 photos"}
FROM_WIDTH = {"what is counted": 72}


def cost(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest executions are counted.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Say what a photo costs on AWS, counted in the histories of executions, and what this month has cost so far.

    State transitions, Lambda's seconds, calls of Rekognition and units of DynamoDB are counted; the other parts, such
    as logs, are the estimates of docs/costs.md, and say so. Prices are those of us-east-1, without free tiers.
    """
    stack = connect()
    with err.status("Reading histories ..."):
        usage = _usage(stack, limit)
        this_month = _started_this_month(stack)
    parts = usage.parts()
    if as_json:
        print_json(_document(usage, parts, this_month))
        return
    print_view(_table(parts))
    note(f"Counted in {counted(usage.executions, 'execution')}.")
    note(
        f"This month: {counted(this_month, 'execution')}, about {usd(this_month * total(parts))}, and "
        f"{usd(total(of_month()))} in a whole month for alarms, a key and polling."
    )


def _table(parts: list[Part]) -> Table:
    """Return the parts and their sum; a narrow terminal loses columns, and no amount loses digits."""
    columns = [name for name in COLUMNS if out.width >= FROM_WIDTH.get(name, 0)]
    view = Table(box=None)
    for name in columns:
        view.add_column(name, no_wrap=name in AMOUNTS, min_width=len(name) if name in AMOUNTS else None)
    rows = [(part.name, part.usd, part.what) for part in parts]
    for name, amount, what in [*rows, ("together", total(parts), "")]:
        cells = dict(zip(COLUMNS, (name, usd(amount, EACH), usd(THOUSAND * amount, OF_THOUSAND), what), strict=True))
        add(view, *(cells[name] for name in columns))
    return view


def _usage(stack: Stack, limit: int) -> Usage:
    entries = (entry for entry in entries_of(stack, None) if entry["status"] != RUNNING)
    arns = [str(entry["executionArn"]) for entry in islice(entries, limit)]
    if not arns:
        raise UserError("No execution has ended yet: upload a photo first.")
    usage, memory = Usage(), memory_of_functions(stack)
    # Of each, the history is counted and forgotten before the next ones are read.
    for first in range(0, len(arns), THOUSAND):
        for events in in_parallel(partial(history, stack), arns[first : first + THOUSAND]):
            usage.add(events, memory)
    return usage


def _started_this_month(stack: Stack) -> int:
    now = datetime.now(UTC)
    begin = datetime(now.year, now.month, 1, tzinfo=UTC)
    return sum(1 for _ in takewhile(lambda entry: entry["startDate"] >= begin, entries_of(stack, None)))


def _document(usage: Usage, parts: list[Part], this_month: int) -> dict[str, Any]:
    return {
        "executions": usage.executions,
        "used": {
            "transitions": usage.transitions,
            "detectLabels": usage.detections,
            "imageProperties": usage.image_properties,
            "gbSeconds": usage.gb_seconds,
            "invocations": usage.invocations,
            "writeUnits": usage.write_units,
            "readUnits": usage.read_units,
        },
        "parts": [{"part": part.name, "dollars": part.usd, "counted": part.what} for part in parts],
        "dollarsPerPhoto": total(parts),
        "dollarsPerThousand": THOUSAND * total(parts),
        "thisMonth": {"executions": this_month, "dollars": this_month * total(parts)},
        "dollarsPerMonthWithoutPhotos": total(of_month()),
    }
