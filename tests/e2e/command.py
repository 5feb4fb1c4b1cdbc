"""Running the command `imagelabels` as a person or a script does."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from imagelabels.paths import ROOT
from tests.e2e import warm
from tests.e2e.stack import Stack

COMMAND = Path(sys.executable).with_name("imagelabels")
PATIENCE_S = 120
# How the line begins that says where a command acts.
PLACES = ("Local stack ", "AWS ")
Done = subprocess.CompletedProcess[str]


def imagelabels(home: Path | str, *words: str, **variables: str) -> Done:
    """Run the command of this environment with these words; `home` is the folder of a local stack, up or not."""
    if words[:1] == ("run",):
        return run(COMMAND, home, *words, **variables)
    return warm.run([str(COMMAND), *words], _environment(home, variables), PATIENCE_S)


def run(command: Path, home: Path | str, *words: str, **variables: str) -> Done:
    """Run a command as an installation has it."""
    return subprocess.run(  # noqa: S603  # our own command
        [str(command), *words],
        capture_output=True,
        text=True,
        errors="replace",
        env=_environment(home, variables),
        check=False,
        timeout=PATIENCE_S,
        stdin=subprocess.DEVNULL,
    )


def _environment(home: Path | str, variables: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "IMAGELABELS_HOME": str(home), **variables}


def answer(home: Path, *words: str) -> Any:
    """Return what a command prints for scripts; remarks on standard error are none of a script's business."""
    done = imagelabels(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    schema(words[0]).validate(document)
    return document


def lines(done: Done, command: str) -> list[Any]:
    """Return the documents of a command that prints one per line; each is as the command's schema says."""
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    for document in documents:
        schema(command).validate(document)
    return documents


def schema(command: str) -> Draft202012Validator:
    """Return the schema of a command's JSON, docs/json/."""
    return Draft202012Validator(json.loads((ROOT / "docs" / "json" / f"{command}.schema.json").read_text()))


def as_on_aws(stack: Stack) -> dict[str, str]:
    """Return variables with which the command finds a local stack as if it was on AWS: by credentials and region."""
    files = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    return files | stack.variables | {"AWS_DEFAULT_REGION": "", "AWS_REGION": "us-east-1"}


def assert_refused(done: Done, says: str, exit_code: int = 1) -> None:
    """After the place, one sentence on standard error, no traceback, and the exit code; 2 is for wrong usage."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith(PLACES)]
    assert says in done.stderr
    assert len(lines) == 1, done.stderr
    assert done.returncode == exit_code
