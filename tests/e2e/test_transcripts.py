"""What a person reads in each situation, on terminals of 80 and 40 columns: the files of tests/transcripts/.

`TRANSCRIPTS=write` writes the files anew; read them before you commit them.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagelabels.local.engine import running
from tests.e2e.command import COMMAND, as_on_aws
from tests.e2e.conftest import EACH_AT_ONCE
from tests.e2e.stack import Stack, eventually
from tests.e2e.terminal import on_terminal

FILES = Path(__file__).parents[1] / "transcripts"
# What differs from run to run.
CHANGING = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"imagelabels-images2d38c313-[0-9a-f]+"), "BUCKET"),
    (re.compile(r"(\d{4}-)?\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+Z)?)?"), "TIME"),
    (re.compile(r"\b\d+ (s|min)\b"), "AGE"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"/\S+/(album|home)\d*\b"), r"/\1"),
    # A table is as wide as the terminal, and the widths of its columns follow from times.
    (re.compile(r"  +"), "  "),
    (re.compile(r" +$", re.MULTILINE), ""),
)
SITUATIONS = {
    "watch": ("watch",),
    "all-agree": ("reconcile",),
    "no-dead-letters": ("dead-letters",),
    "show-missing": ("show", "nosuch.png"),
    "show-rejected": ("show", "letter.jpg"),
    "trail-failed": ("trail", "failed.png"),
    "reprocess-dry-run": ("reprocess", "astronaut.png", "--dry-run"),
    "reprocess-missing": ("reprocess", "nosuch.png", "--dry-run"),
    "upload-nothing": ("upload", "{album}"),
    "wrong-option": ("watch", "--limt", "3"),
}
COLUMNS = (80, 40)
WIDTHS = (80, pytest.param(40, marks=pytest.mark.soak))
nothing_failed: dict[int, str] = {}
pytestmark = pytest.mark.xdist_group("transcripts")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack in which nothing happens but what is seen here."""
    with running(0, tmp_path_factory.mktemp("home"), context=EACH_AT_ONCE) as engine:
        yield Stack(engine.outputs)


@pytest.fixture(scope="module")
def quiet(own: Stack) -> Path:
    return Path(own.outputs["mail"]).parent


@pytest.fixture(scope="module")
def seen(own: Stack, astronaut: bytes) -> Stack:
    """The stack with a labelled, a rejected and a failed photo, and their runs in the archive at once.

    Before the failed one, what a person reads who asks for failed ones.
    """
    client = own.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        if "AuditTrail" in mapping["EventSourceArn"]:
            client.update_event_source_mapping(UUID=mapping["UUID"], MaximumBatchingWindowInSeconds=0)
    own.upload("astronaut.png", astronaut)
    for columns in COLUMNS:
        words = [str(COMMAND), "watch", "--failed"]
        home = str(Path(own.outputs["mail"]).parent)
        nothing_failed[columns] = on_terminal(words, columns, IMAGELABELS_HOME=home)
    own.upload("letter.jpg", b"Dear diary, today I took no photo.")
    abort(own, "failed.png")
    for key in ("astronaut.png", "letter.jpg", "failed.png"):
        archived(own, key)
    return own


def abort(stack: Stack, key: str) -> None:
    states, document = stack.client("stepfunctions"), {"bucket": stack.bucket, "key": key}
    machine = stack.outputs["StateMachineArn"]
    arn = states.start_execution(stateMachineArn=machine, input=json.dumps(document))["executionArn"]
    states.stop_execution(executionArn=arn, error="Impatience", cause="It took too long.")


def archived(stack: Stack, key: str) -> None:
    eventually(lambda: True if any(record.startswith("RUN#") for record in stack.items(key)) else None)


def plain(shown: str) -> str:
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)
    for changing, name in CHANGING:
        shown = changing.sub(name, shown)
    return shown


def compare(name: str, columns: int, shown: str) -> None:
    file = FILES / f"{name}.{columns}.txt"
    if os.environ.get("TRANSCRIPTS") == "write":
        file.write_text(plain(shown))
    assert plain(shown) == file.read_text()


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", SITUATIONS)
def test_a_situation_reads_as_a_person_has_read_it(
    seen: Stack, quiet: Path, name: str, columns: int, tmp_path: Path
) -> None:
    assert seen
    album = tmp_path / "album"
    album.mkdir()
    (album / "notes.txt").write_text("a text")
    (album / ".DS_Store").write_text("")
    words = [word.format(album=album) for word in SITUATIONS[name]]
    compare(name, columns, on_terminal([str(COMMAND), *words], columns, IMAGELABELS_HOME=str(quiet)))


@pytest.mark.parametrize("columns", WIDTHS)
def test_aws_is_named_and_asked_about(seen: Stack, tmp_path: Path, columns: int) -> None:
    """The same words, with the local stack killed: its name, AWS's, the price and a question, which gets no answer."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "outputs.json").write_text("{}")
    variables = as_on_aws(seen) | {"IMAGELABELS_HOME": str(tmp_path / "home")}
    words = [str(COMMAND), "reprocess", "astronaut.png"]
    compare("aws-asks", columns, on_terminal(words, columns, typed="n\n", **variables))


@pytest.mark.parametrize("columns", WIDTHS)
def test_no_local_stack_is_said(tmp_path: Path, columns: int) -> None:
    home = tmp_path / "home"
    words = [str(COMMAND), "watch", "--local"]
    compare("no-local-stack", columns, on_terminal(words, columns, IMAGELABELS_HOME=str(home)))


@pytest.mark.parametrize("columns", WIDTHS)
def test_nothing_failed_is_said(seen: Stack, columns: int) -> None:
    assert seen
    compare("nothing-failed", columns, nothing_failed[columns])
