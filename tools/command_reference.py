"""The page docs/commands.md, made of the commands' own help; `make docs` writes it."""

from typer.cli import app as typer_app
from typer.testing import CliRunner

from imagelabels.paths import ROOT

PAGE = ROOT / "docs" / "commands.md"
PICTURE = "images/watch.svg"
COMMAND = ["imagelabels.cli", "utils", "docs", "--name", "imagelabels", "--title", "The command line"]
INTRODUCTION = f"""
`.venv/bin/imagelabels` works on the local stack when it is up (`make run`), otherwise on AWS with your usual
credentials and region. Results go to standard output, remarks to standard error. An error is one sentence on standard
error and exit code 1; a command that looks for problems exits with 1, too, when it finds one. With `--json`, a command
prints one JSON document; `trail`, `dead-letters`, `reconcile` and `watch --follow` print one document per line.
`imagelabels --install-completion` adds completion of the commands to your shell.

![imagelabels watch, while photos are labelled]({PICTURE})

This page is written by `make docs`.
"""


def reference() -> str:
    """Return the page: an introduction, and the documentation that Typer generates."""
    done = CliRunner().invoke(typer_app, COMMAND, catch_exceptions=False)
    title, rest = done.stdout.split("\n", 1)
    return f"{title}\n{INTRODUCTION}{rest.rstrip()}\n"
