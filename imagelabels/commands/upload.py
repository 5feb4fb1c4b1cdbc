"""`imagelabels upload`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from imagelabels.commands.options import AsJson
from imagelabels.stack import photos
from imagelabels.stack.connection import connect
from imagelabels.terminal.console import err, note, print_json, say
from imagelabels.upload.files import named


def upload(
    files: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.")],
    prefix: Annotated[str, typer.Option(help="Put before each key, for example holiday/.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Upload photos; each upload starts the workflow.

    Symbolic links in a folder that lead out of it are left out and named; a link that you name is followed.
    """
    wanted = {prefix + key: file for key, file in named(files, note).items()}
    stack = connect()
    for key, file in track(wanted.items(), "Uploading", console=err, transient=True, disable=not err.is_terminal):
        photos.upload(stack, file, key)
    if as_json:
        print_json([{"bucket": stack.bucket, "key": key} for key in wanted])
        return
    for key in wanted:
        say(f"{stack.bucket}/{key}")
