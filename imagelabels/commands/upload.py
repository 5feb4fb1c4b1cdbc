"""`imagelabels upload`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from imagelabels.commands.exit_code import exit_with_1_if
from imagelabels.commands.options import WATCH, AsJson
from imagelabels.commands.target import Yes, confirm, connect
from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels.terminal.console import complain, note, print_json, progress, say
from imagelabels.terminal.failure import told
from imagelabels.upload.files import require_any
from imagelabels.upload.selection import Selection, select
from imagelabels.upload.transfer import Transfer, transfer
from imagelabels.words import counted

SEND_ALL = "; --all sends them"


def upload(
    files: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.")],
    prefix: Annotated[str, typer.Option(help="Put before each key, for example holiday/.")] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is no photo in a folder, and hidden files.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Upload photos; each upload starts the workflow.

    Of a folder, the photos are uploaded: hidden files, what systems leave there, and other files are counted, links to
    elsewhere are named. A file or a link that you name is always uploaded. What cannot be uploaded is named, the others
    are; then the exit code is 1.
    """
    chosen = select(files, prefix, everything=everything)
    for line in chosen.notes:
        note(line)
    require_any(chosen, SEND_ALL)
    stack = connect()
    if outside := [key for key in chosen.files if not key.startswith(stack.prefix)]:
        raise UserError(f"This stack labels photos under {stack.prefix} only, not {outside[0]}: use --prefix.")
    confirm(stack, f"Upload {counted(len(chosen.files), 'photo')}", yes=yes)
    result = Transfer()
    try:
        _transfer(stack, chosen, result)
    finally:
        # Also after Ctrl-C, which then ends the command.
        _print(stack, chosen, result, as_json=as_json)
    if result.stopped:
        raise result.stopped
    exit_with_1_if(chosen.refused or result.failed)


def _transfer(stack: Stack, chosen: Selection, result: Transfer) -> None:
    with progress() as bar:
        task = bar.add_task("Uploading", total=len(chosen.files))
        transfer(stack, chosen.files, result, lambda: bar.advance(task))


def _print(stack: Stack, chosen: Selection, result: Transfer, *, as_json: bool) -> None:
    done = [key for key in chosen.files if key in result.done]
    if as_json:
        print_json([{"bucket": stack.bucket, "key": key} for key in done])
    else:
        for key in done:
            say(f"{stack.bucket}/{key}")
    for line in chosen.refused:
        complain(line)
    for file, error in result.failed.items():
        complain(f"{file} was not uploaded: {told(error)}")
    left = len(chosen.files) - len(done) - len(result.failed)
    stopped = f", stopped before the other {left}" if left else ""
    skipped = f", {chosen.skipped_line}{SEND_ALL}" if chosen.skipped.total() else ""
    note(f"Uploaded {counted(len(done), 'photo')}{stopped}{skipped}.")
    if done:
        note(WATCH)
    sys.stdout.flush()
