"""`imagelabels search`."""

from typing import Annotated, Any

import typer
from rich.table import Table

from imagelabels.commands import completion
from imagelabels.commands.options import AsJson, Verbose
from imagelabels.commands.target import connect
from imagelabels.errors import UserError
from imagelabels.search.evaluation import Hit, Search
from imagelabels.search.label_index import LabelIndex, Reading
from imagelabels.search.query import parse
from imagelabels.terminal import tables
from imagelabels.terminal.console import add, note, out, print_exactly, print_fields, print_json, print_view
from imagelabels.terminal.times import moment
from imagelabels.words import counted
from imagelabels_shared.image_properties import index_name

# The characters of a time without its seconds, and the width of a terminal from which it is shown.
MINUTE = len("2026-11-22T17:04")
WIDE = 72


def search(
    query: Annotated[
        list[str],
        typer.Argument(
            help="Labels with AND, OR, NOT (in capitals) and parentheses.", autocompletion=completion.labels
        ),
    ],
    floor: Annotated[float, typer.Option("--min", min=0, max=100, help="The least confidence, in percent.")] = 0,
    since: Annotated[str, typer.Option(help="Labelled since: 30m, 12h, 7d, 2w, or a date like 2026-11-22.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many photos, the surest first.")] = 100,
    *,
    print0: Annotated[bool, typer.Option("--print0", "-0", help="Print keys that end in NUL, for xargs -0.")] = False,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> None:
    """Find photos by their labels, the surest first.

    A parent label finds its children: Rekognition labels a photo of a car Vehicle too. A label is also found by its
    other names: Automobile finds Car. Words that follow each other are one label (Hot Dog); labels may be in any case.
    With the setting imageProperties, colour:red (or color:red) finds the photos with red, the most of it first; blurry
    and dark find such photos. Labels of your own Custom Labels model are marked. When standard output is not a
    terminal, each line has key, confidence and labels, separated by tabs. Exit code 1 when nothing is found.
    """
    asked = parse(" ".join(query))
    index = LabelIndex(connect().table())
    searching = Search(index, floor, moment(since) if since else None)
    # One more than the limit shows whether there are more.
    found = searching.best(asked, limit + 1)
    hits = found[:limit]
    _print(hits, index.reading, more=len(found) > limit, print0=print0, as_json=as_json)
    if verbose:
        note(f"Read {index.reading}")
    for label in searching.unknown:
        note(_unknown(label))
    if not hits:
        raise UserError("Nothing matches.")


def _unknown(label: str) -> str:
    if index_name(label):
        return (
            f"No photo is {label!r}; only photos that were labelled with imageProperties=true have colours and quality."
        )
    return f"No photo has the label {label!r}."


def _print(hits: list[Hit], reading: Reading, *, more: bool, print0: bool, as_json: bool) -> None:
    if as_json:
        print_json({"photos": [_document(hit) for hit in hits], "more": more, "read": vars(reading)})
        return
    if print0:
        print_exactly(*(hit.key for hit in hits))
    elif out.is_terminal and hits:
        print_view(_table(hits))
    else:
        for hit in hits:
            print_fields(hit.key, f"{hit.confidence:.1f}", ", ".join(hit.named))
    if more:
        note(f"There are more than {len(hits)}: raise --limit to see them.")


def _document(hit: Hit) -> dict[str, Any]:
    return {
        "bucket": hit.photo.removesuffix(f"/{hit.key}"),
        "key": hit.key,
        "confidence": hit.confidence,
        "labels": hit.labels,
        "labelled_at": hit.labelled_at,
        **({"custom": sorted(hit.custom)} if hit.custom else {}),
    }


def _table(hits: list[Hit]) -> Table:
    """Return the photos; a narrow terminal gets no time, and no number and no time loses digits."""
    is_wide = out.width >= WIDE
    view = Table("photo", caption=counted(len(hits), "photo"))
    view.add_column("confidence", no_wrap=True, min_width=len("100.0 %"))
    view.add_column("labels")
    if is_wide:
        view.add_column("labelled", no_wrap=True, min_width=MINUTE)
    for hit in hits:
        when = (hit.labelled_at[:MINUTE],) if is_wide else ()
        add(view, hit.key, f"{hit.confidence:.1f} %", tables.labels(hit.named), *when)
    return view
