"""Makes the picture of `imagelabels watch` in docs/images, on a local stack that labels photos: `make pictures`."""

import io
import json
import re
import tempfile
from pathlib import Path

from rich.console import Console

from imagelabels.local.engine import running
from imagelabels.paths import ROOT
from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.follow import Follower, pause
from imagelabels.terminal import tables
from imagelabels.upload.files import samples
from tools.command_reference import PICTURE

WIDTH = 118
TITLE = "imagelabels watch --follow"


def take(folder: Path) -> str:
    """Return the table as SVG at a time when some executions are running and others have ended."""
    with running(0, folder) as engine:
        stack = Stack(engine.session, engine.outputs, engine.endpoint)
        follower = Follower(stack)
        for key, file in samples().items():
            photos.upload(stack, file, f"holiday/{key}")
        _add_failures(stack, folder)
        while not _has_every_outcome(follower):
            follower.look()
            pause(follower.pause_seconds)
        return _svg(follower)


def _add_failures(stack: Stack, folder: Path) -> None:
    """Upload a text file, start an execution without a photo, and upload more photos, which will be running."""
    (folder / "notes.jpg").write_text("Dear diary, today I took no photo.")
    photos.upload(stack, folder / "notes.jpg", "holiday/notes.jpg")
    executions.start(stack, json.dumps({"photo": "sea.jpg"}))
    for number in range(4):
        photos.upload(stack, samples()["astronaut.png"], f"portraits/{number + 1}.png")


def _has_every_outcome(follower: Follower) -> bool:
    return {"FAILED", "REJECTED", "LABELLED"} <= {execution.outcome for execution in follower.seen.values()}


def _svg(follower: Follower) -> str:
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(tables.table(follower.seen.values()))
    # Rich adds a font from a font server; the reader's own monospaced font does as well.
    return re.sub(r"@font-face \{.*?\}", "", console.export_svg(title=TITLE), flags=re.DOTALL)


def main() -> None:
    picture = ROOT / "docs" / PICTURE
    picture.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        picture.write_text(take(Path(folder)))


if __name__ == "__main__":
    main()
