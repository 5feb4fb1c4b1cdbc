"""`imagelabels run`, which `make run` calls."""

import os
import sys
from typing import Annotated

import typer

from imagelabels.deploy.settings import parsed
from imagelabels.errors import UserError
from imagelabels.local.recognizer.fixed import REKOGNITION
from imagelabels.stack.connection import shell_session
from imagelabels.terminal.console import note, out
from imagelabels.upload.files import named, samples, split
from imagelabels.words import counted, usd
from imagelabels_shared.costs import of_rekognition


def run(
    images: Annotated[
        str, typer.Option(envvar="IMAGES", help="A folder or files; sample photographs without it.")
    ] = "",
    *,
    mails: Annotated[
        bool, typer.Option("--mails", envvar="MAILS", help="Print whole mails on a terminal, too.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", envvar="ONCE", help="Stop after the last photo.")] = False,
    port: Annotated[
        int, typer.Option(envvar="PORT", min=0, max=65535, help="Loopback port; 0 takes a free one.")
    ] = 4566,
    yes: Annotated[
        bool, typer.Option("--yes", envvar="YES", help="Do not ask before Rekognition costs money.")
    ] = False,
) -> None:
    """Run the whole stack on this machine and label photos on it.

    SETTINGS="digestSeconds=0" in the environment sets the stack; MODEL=my.onnx (and MODEL_LABELS=) is your classifier.
    RECOGNIZER=rekognition asks Amazon Rekognition, with your own credentials and region; your account pays for it.
    """
    # Only here, because it needs the extra `local` of the package, and other commands do not.
    from imagelabels.local.session import run as run_locally  # noqa: PLC0415  # see above

    files = named(split(images), note) if images else samples()
    if os.environ.get("RECOGNIZER") == REKOGNITION:
        _agree_to_pay(len(files), yes=yes)
    raise typer.Exit(run_locally(files, out, once=once, port=port, mails=mails))


def _agree_to_pay(photos: int, *, yes: bool) -> None:
    from imagelabels.local.recognizer.amazon import access, require_permission  # noqa: PLC0415  # as above

    wanted = parsed(os.environ.get("SETTINGS", "")).get("imageProperties") == "true"
    own, each = access(shell_session()), of_rekognition(image_properties=wanted).usd
    note(
        f"Your photos go to Amazon Rekognition in {own.region}, and AWS account {own.account} pays: "
        f"{counted(photos, 'photo')} at ${each:g}: {usd(photos * each)}. Later uploads and retries come on top."
    )
    if not yes and not sys.stdin.isatty():
        raise UserError("Nobody is here to ask whether your account may pay: set YES=1.")
    if not yes:
        typer.confirm("Send them?", abort=True, err=True)
    require_permission(own)
