"""Where a command acts: chosen with --local or --aws, said first on standard error, and confirmed before writing."""

import functools
import inspect
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from imagelabels.errors import UserError
from imagelabels.paths import HOME
from imagelabels.stack import connection
from imagelabels.stack.connection import AWS, LOCAL, TARGET, Stack
from imagelabels.terminal.console import note

Chosen = Annotated[
    bool | None,
    typer.Option(
        "--local/--aws",
        help="The local stack or the one on AWS; the local one if it is up.",
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it writes on AWS.")]


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options --local and --aws, which choose the stack over IMAGELABELS_TARGET."""

    @functools.wraps(command)
    def chosen(*arguments: Any, is_local: bool | None, **options: Any) -> None:
        if is_local is not None:
            os.environ[TARGET] = LOCAL if is_local else AWS
        command(*arguments, **options)

    signature = inspect.signature(command, eval_str=True)
    option = inspect.Parameter("is_local", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Chosen)
    chosen.__signature__ = signature.replace(  # type: ignore[attr-defined]  # read by inspect.signature
        parameters=[*signature.parameters.values(), option]
    )
    return chosen


def connect() -> Stack:
    """Return the stack of `connection.connect`, and say on standard error where it is; raises UserError as that."""
    if os.environ.get(TARGET, "") != AWS and connection.was_killed():
        note(f"The local stack of {HOME} was killed, and its photos are gone; `make run` starts another one.")
    stack = connection.connect()
    note(stack.place)
    return stack


def confirm(stack: Stack, what: str, *, yes: bool) -> None:
    """Ask before a command writes on AWS; a local stack is not asked about. `what` is like "Upload 3 photos".

    Raises UserError when nobody is there to ask, and typer.Abort when the answer is no.
    """
    if yes or stack.endpoint:
        return
    if not sys.stdin.isatty():
        raise UserError(f"{what} on {stack.place}? Nobody is here to ask: add --yes.")
    typer.confirm(f"{what} on {stack.place}?", abort=True, err=True)
