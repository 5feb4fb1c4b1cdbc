"""The page docs/commands.md, from the commands' own help; `make docs` writes it."""

from typer.cli import app as typer_app
from typer.testing import CliRunner

from imagelabels.paths import ROOT

PAGE = ROOT / "docs" / "commands.md"
PICTURE = "images/watch.svg"
COMMAND = ["imagelabels.cli", "utils", "docs", "--name", "imagelabels", "--title", "The command line"]
INTRODUCTION = f"""
`.venv/bin/imagelabels` works on the local stack when it is up (`make run`), otherwise on AWS with your usual
credentials and region. Results go to standard output, remarks to standard error; an error is one sentence
there, with exit code 1. `imagelabels --install-completion` adds completion to your shell.

![imagelabels watch, while photos are labelled]({PICTURE})

This page is written by `make docs`.
"""


def reference() -> str:
    """Return the page: Typer's documentation of the commands, with an introduction."""
    done = CliRunner().invoke(typer_app, COMMAND, catch_exceptions=False)
    title, rest = done.stdout.split("\n", 1)
    return f"{title}\n{INTRODUCTION}{rest.rstrip()}\n"
