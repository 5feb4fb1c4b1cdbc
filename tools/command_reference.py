"""The page docs/commands.md, made of the commands' own help; `make docs` writes it."""

import re

from typer.cli import app as typer_app
from typer.testing import CliRunner

from imagelabels.paths import ROOT

PAGE = ROOT / "docs" / "commands.md"
PICTURE = "images/watch.svg"
COMMAND = ["imagelabels.cli", "utils", "docs", "--name", "imagelabels", "--title", "The command line"]
INTRODUCTION = f"""
`.venv/bin/imagelabels` works on the local stack when it is up (`make run`), otherwise on AWS with your usual
credentials and region. Every command says first, on standard error, where it acts. `--local` and `--aws` choose, and
so does `IMAGELABELS_TARGET` (`local` or `aws`). What writes on AWS asks once, unless you add `--yes`.

Results go to standard output, everything else to standard error. With `--json`, a command prints one JSON document;
`trail`, `dead-letters`, `reconcile` and `watch --follow` print one document per line. [json/](json/) has a JSON schema
for each command. Sizes are in KiB and MiB (of 1,024), times in UTC.

| exit code | means |
|---|---|
| 0 | done |
| 1 | something is wrong: one sentence on standard error says what; also when a check or a search finds it so |
| 2 | wrong usage: an unknown option, or a value that it does not take |
| 130 | stopped with Ctrl-C |

An error that nobody foresaw says "This is a bug" and where its traceback is (`error.log` in `.local/`); attach that
file to an issue. `NO_COLOR=1` prints without colours; a table fits the terminal, and without a terminal each photo is
one line.

`imagelabels --install-completion` adds completion of commands, options, keys of photos and labels to your shell.

![imagelabels watch, while photos are labelled]({PICTURE})

This page is written by `make docs`.
"""
EXAMPLES = re.compile(r"^Examples:\n((?:\n(?!#).*imagelabels .*\n)+)", re.MULTILINE)


def reference() -> str:
    """Return the page: an introduction, and the documentation that Typer generates."""
    done = CliRunner().invoke(typer_app, COMMAND, catch_exceptions=False)
    title, rest = done.stdout.split("\n", 1)
    return f"{title}\n{INTRODUCTION}{EXAMPLES.sub(_as_block, rest).rstrip()}\n"


def _as_block(found: re.Match[str]) -> str:
    lines = "\n".join(f"$ {line}" for line in found[1].split("\n") if line)
    return f"**Examples**:\n\n```console\n{lines}\n```\n"
