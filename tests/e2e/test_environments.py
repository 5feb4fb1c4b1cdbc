"""The real entry points on machines that are not ours: each environment with each kind of command."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.command import COMMAND, run
from tests.e2e.stack import Stack
from tests.e2e.terminal import on_terminal

CLOSED = "http://127.0.0.1:9"
ENVIRONMENTS = {
    "proxy": {"HTTP_PROXY": CLOSED, "HTTPS_PROXY": CLOSED, "http_proxy": CLOSED, "ALL_PROXY": CLOSED, "NO_PROXY": ""},
    "unknown profile": {"AWS_PROFILE": "nosuch"},
    "no number": {"AWS_MAX_ATTEMPTS": "abc", "AWS_RETRY_MODE": "nosuch"},
    "endpoint without scheme": {"AWS_ENDPOINT_URL": "localhost"},
    "locale C": {"LC_ALL": "C", "LANG": "C"},
    "ASCII only": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
    "Latin 1": {"PYTHONIOENCODING": "latin-1:strict"},
    "read-only home": {"HOME": "/proc", "XDG_CONFIG_HOME": "/proc"},
    "no home": {"HOME": ""},
    "40 columns": {"COLUMNS": "40"},
    "dumb terminal": {"TERM": "dumb", "NO_COLOR": "1"},
}
# `make soak` has each; all of them at once are in `make test`.
QUICK = {"proxy", "unknown profile", "endpoint without scheme", "ASCII only", "read-only home"}
KEY = "família/日本 📷.png"


@pytest.fixture(scope="session")
def photo(stack: Stack, astronaut: bytes) -> str:
    stack.upload(KEY, astronaut)
    return KEY


@pytest.fixture
def config(tmp_path: Path) -> dict[str, str]:
    """A configuration file that would break a local stack."""
    text = "[default]\nendpoint_url = http://127.0.0.1:9\ns3 =\n  use_accelerate_endpoint = true\n"
    (tmp_path / "config").write_text(text)
    return {"AWS_CONFIG_FILE": str(tmp_path / "config")}


# Every environment with what reads and what writes; every command where all is wrong at once.
CASES = [
    *(pytest.param(name, ("show", KEY), marks=pytest.mark.soak, id=f"{name}: show") for name in ENVIRONMENTS),
    *(
        pytest.param(
            name, ("upload", "{folder}"), id=f"{name}: upload", marks=[] if name in QUICK else pytest.mark.soak
        )
        for name in ENVIRONMENTS
    ),
    *(
        pytest.param("all at once", words, id=f"all at once: {words[0]}")
        for words in (
            ("watch", "--limit", "3"),
            ("show", KEY, "--json"),
            ("search", "person", "--json"),
            ("labels",),
            ("reprocess", KEY, "--dry-run"),
            ("dead-letters",),
            ("trail", KEY),
            ("upload", "--help"),
        )
    ),
]
ALL = {name: value for variables in ENVIRONMENTS.values() for name, value in variables.items()}


@pytest.mark.parametrize(("name", "words"), CASES)
def test_commands_work_in_every_environment(
    home: Path, config: dict[str, str], name: str, words: tuple[str, ...], tmp_path: Path, photo: str
) -> None:
    """Or say in one sentence that there is nothing yet."""
    assert photo
    album = tmp_path / "album"
    album.mkdir()
    (album / "not a photo.jpg").write_text("a text")
    variables = config | ENVIRONMENTS.get(name, ALL)
    done = run(COMMAND, home, *(word.format(folder=album) for word in words), **variables)
    assert done.returncode == 0 or "No run of" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    if "--json" in words:
        assert KEY in str(json.loads(done.stdout))
    assert done.stdout or " dead letters in" in done.stderr or words[0] == "trail"


def test_names_that_are_not_utf_8_are_named_and_stop_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_text("a text")
    (tmp_path / "a.jpg").write_text("a text")
    done = run(COMMAND, home, "upload", str(tmp_path))
    assert (done.stdout.count("\n"), done.returncode) == (1, 1)
    assert "is not UTF-8; rename" in done.stderr
    assert "Uploaded 1 photo." in done.stderr


def test_a_key_that_is_not_utf_8_is_one_sentence(home: Path) -> None:
    for command in ("show", "trail", "reprocess"):
        done = run(COMMAND, home, command, os.fsdecode(b"caf\xe9.jpg"))
        assert "bug" not in done.stderr
        assert done.returncode == 1


@pytest.mark.parametrize("mode", ["outputs", "lock"])
def test_a_folder_of_somebody_else_is_one_sentence(tmp_path: Path, mode: str) -> None:
    """As root, who reads everything, a damaged file stands for one that may not be read."""
    (tmp_path / "outputs.json").write_text("{}" if mode == "lock" else "")
    (tmp_path / "lock").touch(mode=0o000 if mode == "lock" else 0o600)
    done = run(COMMAND, tmp_path, "watch", "--local")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("columns", [80, 40])
def test_a_terminal_gets_lines_that_fit(home: Path, photo: str, columns: int) -> None:
    assert photo
    for words in (["watch", "--limit", "3"], ["trail", photo], ["search", "person"], ["--help"]):
        shown = on_terminal([str(COMMAND), *words], columns, IMAGELABELS_HOME=str(home), NO_COLOR="1", TERM="dumb")
        assert "Traceback" not in shown


def test_without_standard_input_and_output_nothing_breaks(home: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(  # noqa: S603  # our own command
            [COMMAND, "watch", "--json"],
            env={**os.environ, "IMAGELABELS_HOME": str(home)},
            stdout=full,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    assert b"Traceback" not in done.stderr
    assert done.returncode
