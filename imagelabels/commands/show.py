"""`imagelabels show`."""

from typing import Any

from rich.table import Table
from rich.text import Text

from imagelabels import display
from imagelabels.commands.options import AsJson, Image
from imagelabels.connection import connect
from imagelabels.errors import DeskError
from imagelabels.pipeline import Pipeline
from imagelabels.terminal import out, print_json
from shared.links import execution_link


def show(image: Image, *, as_json: AsJson = False) -> None:
    """Show what is known of a photo: its labels, its size and format, the execution that labelled it."""
    pipeline = Pipeline(connect())
    key = pipeline.key_of(image)
    record, labels = pipeline.records(key)
    if record is None:
        raise DeskError(f"{display.visible(image)} has no labels; `imagelabels watch` says what happened to it.")
    if as_json:
        print_json({"image": record, "labels": labels})
        return
    view = Table("label", "confidence", "count", "parents", caption=_caption(record))
    for label in labels:
        parents = ", ".join(label["parents"])
        view.add_row(Text(label["label"]), f"{label['confidence']:.1f} %", str(label["instances"] or ""), Text(parents))
    out.print(
        Text(display.visible(f"{pipeline.bucket}/{key}"), "bold"),
        view,
        execution_link(record["execution"]),
        sep="\n",
        soft_wrap=True,
    )


def _caption(record: dict[str, Any]) -> str:
    shape = f"{record['width']} × {record['height']} px"
    return f"{record['format']}, {shape}, {record['size']:,} bytes, {record['model_version']}"
