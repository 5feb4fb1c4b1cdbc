"""`imagelabels labels`."""

from collections import Counter
from itertools import islice
from typing import Annotated

import typer
from rich.table import Table

from imagelabels.commands import completion
from imagelabels.commands.options import AsJson
from imagelabels.commands.target import connect
from imagelabels.errors import UserError, WrongUsageError
from imagelabels.search.label_index import LabelIndex
from imagelabels.terminal.console import add, note, out, print_fields, print_json, print_view, progress


def labels(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Labels to count; all of them without any.", autocompletion=completion.labels),
    ] = None,
    floor: Annotated[float, typer.Option("--min", min=0, max=100, help="The least confidence; needs names.")] = 0,
    rows: Annotated[int, typer.Option(min=1, help="Without names: the most rows of the index to read.")] = 1_000_000,
    *,
    as_json: AsJson = False,
) -> None:
    """Count how many photos have each label, the most frequent first.

    With names, only the rows of these labels are read. Without names, the whole index is scanned, because DynamoDB
    cannot list its labels; a million rows cost about $0.005 on AWS, and --rows limits them. What was read is printed on
    standard error.
    """
    if floor and not names:
        raise WrongUsageError("--min needs labels to count, like: imagelabels labels dog person --min 90.")
    index = LabelIndex(connect().table())
    counts = index.counts(names, floor) if names else _every(index, rows)
    _print(counts, index, as_json=as_json)
    note(f"Read {index.reading}")
    if not names and index.reading.rows >= rows:
        note(f"These are counts of the first {rows} rows; raise --rows for more.")
    if not counts.total():
        raise UserError("Nothing matches.")


def _every(index: LabelIndex, rows: int) -> Counter[str]:
    with progress() as bar:
        total = min(rows, index.size()) or None
        return Counter(bar.track(islice(index.every(), rows), total=total, description="Counting"))


def _print(counts: Counter[str], index: LabelIndex, *, as_json: bool) -> None:
    ranked = sorted(counts.items(), key=lambda label_and_count: (-label_and_count[1], label_and_count[0]))
    if as_json:
        print_json({"labels": dict(ranked), "read": vars(index.reading)})
    elif out.is_terminal:
        view = Table("label", "photos")
        for label, count in ranked:
            add(view, label, str(count))
        print_view(view)
    else:
        for label, count in ranked:
            print_fields(label, str(count))
