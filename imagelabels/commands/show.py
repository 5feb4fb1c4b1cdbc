"""`imagelabels show`."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from imagelabels.commands.options import WATCH, AsJson, Image
from imagelabels.commands.target import connect
from imagelabels.detection import files
from imagelabels.detection.drawing import draw
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import archived_runs
from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import Execution
from imagelabels.terminal.console import add, note, print_json, print_view, say
from imagelabels.terminal.tables import NOTHING, since
from imagelabels.words import counted
from imagelabels_shared.images.boxes import boxes
from imagelabels_shared.report.links import execution_link
from imagelabels_shared.report.words import colours, marked, quality, size
from imagelabels_shared.table.records import photo_id
from imagelabels_shared.text import one_line


def show(
    image: Image,
    *,
    open_it: Annotated[bool, typer.Option("--open", help="Draw the boxes onto a copy, and open it.")] = False,
    target: Annotated[Path | None, typer.Option("--out", help="Draw the boxes into this file; opens nothing.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a photo: its labels, colours and quality, size and format, how it was normalized, its report and execution.

    `boxes` counts the places where a label is. They come from Rekognition's whole answer, which is kept for a day.
    """
    stack = connect()
    key = photos.key_of(stack, image)
    record, labels = photos.records(stack, key)
    if record is None:
        raise UserError(_why_no_labels(stack, key))
    output = executions.output_of(stack, record["execution"])
    if as_json:
        print_json({"image": record, "labels": labels, **_last_run(stack, record, output)})
    else:
        _print(stack, record, labels, output)
    if open_it or target:
        _draw(stack, output, target or Path(tempfile.mkdtemp(prefix="imagelabels-")) / "boxes.jpg", look=not target)


def _why_no_labels(stack: Stack, key: str) -> str:
    """Return why the table shows no labels of a photo: how its last run ended, or that there is no photo."""
    # In this order no run is missed that is archived meanwhile.
    newest = executions.not_archived(stack, key)
    runs = archived_runs(stack, photo_id(stack.bucket, key))
    known = {run.execution for run in runs}
    if newest and newest[0].arn not in known:
        return _how_it_goes(key, newest[0])
    if not runs:
        photos.require(stack, key)
        return f"{key} has no labels: no run of it is known. Start one: imagelabels reprocess {key}"
    last = runs[-1]
    why = f": {last.said}" if last.said else ""
    return f"{key} has no labels: its last run ended {last.outcome} at {last.ended}{why}"


def _how_it_goes(key: str, newest: Execution) -> str:
    if not newest.stopped:
        return f"{key} has no labels yet: its run is in {newest.state or 'its first state'}. {WATCH}"
    why = f": {newest.reason}" if newest.reason else ""
    return f"{key} has no labels: its last run ended {newest.outcome} {since(newest.stopped)} ago{why}"


def _print(stack: Stack, record: dict[str, Any], labels: list[dict[str, Any]], output: Any) -> None:
    view = Table("label", "confidence", "boxes", "parents", caption=escape(one_line(_caption(record))))
    for label in labels:
        parents = ", ".join(label["parents"])
        name = marked(label["label"], label.get("source"))
        add(view, name, f"{label['confidence']:.1f} %", str(label["instances"] or ""), parents)
    say(f"{stack.bucket}/{record['object_key']}", "bold")
    if labels:
        print_view(view)
    else:
        say(f"{NOTHING.capitalize()}: {_caption(record)}")
    for name, value in {**_properties(record), **_last_run(stack, record, output)}.items():
        for line in value if isinstance(value, list) else [value]:
            say(f"{name}: {line}")


def _properties(record: dict[str, Any]) -> dict[str, str]:
    """Return the colours and the quality of a photo in words; nothing when the stack did not ask for them."""
    found = {"colours": colours(record.get("dominant_colors", [])), "quality": quality(record.get("quality", {}))}
    return {name: words for name, words in found.items() if words}


def _last_run(stack: Stack, record: dict[str, Any], output: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the last run did and where to look; less when Step Functions has deleted its output."""
    known = output or {}
    run = {
        "normalized": known.get("image", {}).get("normalized", {}).get("did"),
        "labelled": record["labelled_at"],
        "report": known.get("report", {}).get("messageId"),
        "execution": _page_of(stack, record["execution"]),
    }
    return {name: value for name, value in run.items() if value}


def _page_of(stack: Stack, execution: str) -> str:
    """Return the page of an execution; of a local stack that has no console, its ARN."""
    console = stack.setting("consoleUrl")
    return execution_link(execution, console) if console or not stack.endpoint else execution


def _caption(record: dict[str, Any]) -> str:
    shape = f"{record['width']} × {record['height']} px"
    return ", ".join(filter(None, (record["format"], shape, size(int(record["size"])), record["model_version"])))


def _draw(stack: Stack, output: dict[str, Any] | None, target: Path, *, look: bool) -> None:
    found = boxes(files.answer(stack, output))
    draw(files.photo(stack, output or {}), found, target)
    note(f"{counted(len(found), 'box', 'boxes')} drawn: {target}")
    if look:
        _require_screen(target)
        typer.launch(str(target))


def _require_screen(target: Path) -> None:
    """Raise UserError on Linux without a screen, where `launch` would print a list of programs that it did not find."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise UserError(f"There is no screen here to open {target} on; use --out FILE.")
