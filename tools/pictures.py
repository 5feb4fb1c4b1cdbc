"""Take the picture of `imagelabels watch` in docs/images, on a local stack that labels photos: `make pictures`."""

import io
import json
import re
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console

from imagelabels.local.engine import running
from imagelabels.paths import ROOT
from imagelabels.stack.connection import Connection
from imagelabels.stack.follow import Follower, pause
from imagelabels.stack.pipeline import Pipeline
from imagelabels.terminal import tables
from imagelabels.upload.files import samples
from tools.command_reference import PICTURE

WIDTH = 118
TITLE = "imagelabels watch --follow"


def take(folder: Path) -> str:
    """Return the table as SVG at a moment when some photos are still in the workflow and others have ended."""
    with running(0, folder) as engine:
        pipeline = Pipeline(Connection(engine.session, engine.outputs, engine.endpoint))
        follower = Follower(pipeline)
        for key, file in samples().items():
            pipeline.upload(file, f"holiday/{key}")
        _exceptions(pipeline, folder)
        while not _complete(follower):
            follower.look()
            pause(follower.pause_seconds)
        return _svg(follower)


def _exceptions(pipeline: Pipeline, folder: Path) -> None:
    """Upload a file that is not a photo, start an input that names no photo, then upload photos that end later."""
    (folder / "notes.jpg").write_text("Dear diary, today I took no photo.")
    pipeline.upload(folder / "notes.jpg", "holiday/notes.jpg")
    pipeline.states.start_execution(stateMachineArn=pipeline.machine, input=json.dumps({"photo": "sea.jpg"}))
    for number in range(4):
        pipeline.upload(samples()["astronaut.png"], f"portraits/{number + 1}.png")


def _complete(follower: Follower) -> bool:
    outcomes = Counter(photo.outcome for photo in follower.seen.values())
    return {"FAILED", "REJECTED", "LABELLED"} <= set(outcomes)


def _svg(follower: Follower) -> str:
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(tables.table(follower.seen.values()))
    # Rich loads its font from a server; the reader's own monospaced font will do.
    return re.sub(r"@font-face \{.*?\}", "", console.export_svg(title=TITLE), flags=re.DOTALL)


def main() -> None:
    picture = ROOT / "docs" / PICTURE
    picture.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        picture.write_text(take(Path(folder)))


if __name__ == "__main__":
    main()
