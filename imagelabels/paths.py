"""Where the checkout is, and where a local stack keeps its state."""

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer

from imagelabels.errors import UserError

ROOT = Path(__file__).parents[1]
# The wheel has the command line alone; the CDK app, the functions and the workflow are in a checkout of the project.
IS_CHECKOUT = (ROOT / "infra" / "cdk.json").is_file()
# An installed command must not write into site-packages.
HOME = Path(
    os.environ.get("IMAGELABELS_HOME") or (ROOT / ".local" if IS_CHECKOUT else typer.get_app_dir("imagelabels"))
)
OUTPUTS = "outputs.json"
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def needs_checkout(command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let a command raise UserError, before it does anything, where no checkout of the project is."""

    @functools.wraps(command)
    def checked(*arguments: Given.args, **options: Given.kwargs) -> Answer:
        if not IS_CHECKOUT:
            raise UserError(
                f"`imagelabels {command.__name__}` needs a checkout of the project: "
                f"run `make {command.__name__}` there. This is an installed command line."
            )
        return command(*arguments, **options)

    return checked
