"""What `make` does with what people type, and when two of them start at once."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from imagelabels.paths import ROOT

SET_UP = ROOT / "tools" / "set_up.py"


@pytest.mark.parametrize("typed", ["/photos/a$b", "/photos/it's", "a b", "$(HOME)/x", "*.jpg", '"a b.jpg" c.jpg'])
def test_make_hands_images_on_as_they_were_typed(typed: str, tmp_path: Path) -> None:
    """A stand-in for the command prints what it gets."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".ready").touch()
    command = tmp_path / "bin" / "imagelabels"
    command.write_text('#!/bin/sh\nprintf %s "$IMAGES"\n')
    command.chmod(0o700)
    words = ["make", "-s", "run", f"VENV={tmp_path}", f"IMAGES={typed}"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our Makefile
    assert done.stdout == typed, done.stderr


def test_a_second_set_up_waits_for_the_first_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    for name in ("requirements.txt", "requirements-uv.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    (tmp_path / "venv").mkdir()
    with (tmp_path / "requirements.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, SET_UP, "venv"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(0.5)
        (tmp_path / "venv" / ".ready").touch()
    said, _nothing = second.communicate(timeout=10)
    assert (said, second.returncode) == ("", 0)
