"""The examples at the end of each command's help work as pasted, on the local stack; and keys and labels complete."""

import os
import subprocess
from pathlib import Path

import pytest

from imagelabels.commands.examples import EXAMPLES
from tests.e2e.command import COMMAND, imagelabels
from tests.e2e.stack import Stack, eventually

# They need an AWS account, start a stack of their own, or serve a page until Ctrl-C.
# tests/unit/test_help.py parses their examples.
ELSEWHERE = {"run", "console", "bootstrap", "deploy", "diff", "destroy"}
# Commands that look for problems exit with 1 when they find one, and other tests leave some behind.
FINDERS = {"dead_letters", "reconcile"}


@pytest.fixture
def folder(
    stack: Stack,
    at_once: None,  # noqa: ARG001  # the fixture's effect
    astronaut: bytes,
    tmp_path: Path,
) -> Path:
    """What the examples name: a photo, also in the bucket and in the archive, and a folder of photos."""
    (tmp_path / "holiday").mkdir()
    for name in ("beach.jpg", "holiday/sea.png"):
        (tmp_path / name).write_bytes(astronaut)
    if not stack.items("beach.jpg"):
        stack.upload("beach.jpg", astronaut)
    eventually(lambda: True if any(record.startswith("RUN#") for record in stack.items("beach.jpg")) else None)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "example"), [(name, one) for name, both in EXAMPLES.items() if name not in ELSEWHERE for one in both]
)
def test_an_example_works_as_pasted(home: Path, folder: Path, command: str, example: str) -> None:
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S602  # a person pastes it into a shell
        example,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "IMAGELABELS_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    allowed = {0, 1} if command in FINDERS or command == "doctor" else {0}
    assert done.returncode in allowed, done.stderr
    assert "bug" not in done.stderr


def test_keys_and_labels_are_completed(home: Path, folder: Path) -> None:
    assert folder

    def completed(words: str, position: int) -> list[str]:
        variables = {"_IMAGELABELS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        return imagelabels(home, **variables).stdout.split()

    assert completed("imagelabels show bea", 2) == ["beach.jpg"]
    assert completed("imagelabels search per", 2) == ["person"]
    assert completed("imagelabels watch --fai", 2) == ["--failed"]


def test_completion_of_a_stack_that_is_not_there_is_silent(tmp_path: Path) -> None:
    words = {"_IMAGELABELS_COMPLETE": "complete_bash", "COMP_WORDS": "imagelabels show a", "COMP_CWORD": "2"}
    done = imagelabels(tmp_path, **words, IMAGELABELS_TARGET="local")
    assert (done.stdout.strip(), done.stderr) == ("", "")
