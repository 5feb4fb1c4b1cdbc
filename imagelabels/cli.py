"""The command `imagelabels`: what people do with the pipeline at a desk.

A command is a function in `commands/`, in the module of its name, and stands in COMMANDS; its docstring is its help.
"""

import sys
from typing import NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.commands import upkeep
from imagelabels.commands.console import console
from imagelabels.commands.deploying import bootstrap, deploy, destroy, diff
from imagelabels.commands.doctor import doctor
from imagelabels.commands.labels import labels
from imagelabels.commands.reprocess import reprocess
from imagelabels.commands.run import run
from imagelabels.commands.search import search
from imagelabels.commands.show import show
from imagelabels.commands.upload import upload
from imagelabels.commands.watch import watch
from imagelabels.errors import UserError
from imagelabels.terminal.aws_errors import sentence
from imagelabels.terminal.console import complain

# In the order in which `imagelabels --help` lists them.
COMMANDS = (
    run,
    upload,
    watch,
    console,
    show,
    search,
    labels,
    reprocess,
    doctor,
    bootstrap,
    deploy,
    diff,
    destroy,
)
app = typer.Typer(
    help="Label photos with Step Functions and Rekognition: on the local stack when it is up, otherwise on AWS.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    app.command()(command)
upkeep.register(app)


def main() -> None:
    """Run a command; whatever goes wrong is one sentence on standard error and exit code 1."""
    try:
        app()
    except UserError as error:
        _refuse(str(error))
    except (BotoCoreError, ClientError) as error:
        _refuse(sentence(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _refuse(why: str) -> NoReturn:
    complain(f"imagelabels: {why}")
    sys.exit(1)
