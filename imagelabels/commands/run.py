"""`imagelabels run`, which `make run` calls."""

from typing import Annotated

import typer

from imagelabels.terminal.console import note, out
from imagelabels.upload.files import named, samples, split


def run(
    images: Annotated[
        str, typer.Option(envvar="IMAGES", help="A folder or files; sample photographs without it.")
    ] = "",
    *,
    once: Annotated[bool, typer.Option("--once", envvar="ONCE", help="Stop after the last photo.")] = False,
    port: Annotated[
        int, typer.Option(envvar="PORT", min=0, max=65535, help="Loopback port; 0 takes a free one.")
    ] = 4566,
) -> None:
    """Run the whole stack on this machine and label photos on it.

    SETTINGS="digestSeconds=0" in the environment sets the stack; MODEL=my.onnx (and MODEL_LABELS=) is your classifier.
    """
    # Only here, because it needs the extra `local` of the package, and other commands do not.
    from imagelabels.local.session import run as run_locally  # noqa: PLC0415  # see above

    files = named(split(images), note) if images else samples()
    raise typer.Exit(run_locally(files, out, once=once, port=port))
