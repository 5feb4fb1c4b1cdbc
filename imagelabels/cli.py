"""The entry point of the command line, with all commands. A command's docstring is its help."""

import sys
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from imagelabels.commands.backfill import backfill
from imagelabels.commands.bootstrap import bootstrap
from imagelabels.commands.console import console
from imagelabels.commands.cost import cost
from imagelabels.commands.dead_letters import dead_letters
from imagelabels.commands.deploy import deploy
from imagelabels.commands.destroy import destroy
from imagelabels.commands.diff import diff
from imagelabels.commands.doctor import doctor
from imagelabels.commands.examples import examples
from imagelabels.commands.help import Command, Group, paragraphs
from imagelabels.commands.labels import labels
from imagelabels.commands.reconcile import reconcile
from imagelabels.commands.reprocess import reprocess
from imagelabels.commands.run import run
from imagelabels.commands.search import search
from imagelabels.commands.show import show
from imagelabels.commands.subscribe import subscribe
from imagelabels.commands.target import choosing
from imagelabels.commands.trail import trail
from imagelabels.commands.upload import upload
from imagelabels.commands.watch import watch
from imagelabels.errors import WrongUsageError
from imagelabels.paths import needs_checkout
from imagelabels.terminal.console import complain, print_whatever_the_terminal_can, say
from imagelabels.terminal.failure import told

# In the order of `imagelabels --help`.
COMMANDS = (
    run,
    upload,
    watch,
    console,
    show,
    search,
    labels,
    reprocess,
    backfill,
    cost,
    doctor,
    bootstrap,
    deploy,
    diff,
    destroy,
    trail,
    dead_letters,
    reconcile,
    subscribe,
)
# As of an option that is not known.
WRONG_USAGE = 2
NEED_CHECKOUT = {run, bootstrap, deploy, diff, destroy}
app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    words = paragraphs(command.__doc__ or "")
    app.command(cls=Command, help="\n\n".join(words), short_help=words[0], epilog=examples(command.__name__))(
        needs_checkout(command) if command in NEED_CHECKOUT else choosing(command)
    )


def _print_version(asked: bool) -> None:  # noqa: FBT001  # Typer's signature of a callback
    if asked:
        say(version("imagelabels"))
        raise typer.Exit


@app.callback()
def _options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Label photos with Step Functions and Rekognition: on the local stack when it is up, otherwise on AWS."""


def main() -> None:
    """Run a command; an error is one sentence on standard error and exit code 1, or 2 for wrong usage."""
    print_whatever_the_terminal_can()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001  # the one place where an exception becomes a sentence
        _fail(told(error), WRONG_USAGE if isinstance(error, WrongUsageError) else 1)


def _fail(why: str, exit_code: int = 1) -> NoReturn:
    complain(f"imagelabels: {why}")
    sys.exit(exit_code)
