"""What `show` and `trail` say of a photo without labels, and of a run that is not archived yet."""

from collections.abc import Callable
from datetime import UTC, datetime

import boto3
import pytest

from imagelabels.commands import show, trail
from imagelabels.errors import UserError
from imagelabels.operations.audit_trail import ArchivedRun
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import Execution
from imagelabels.terminal import tables
from tests.resources import MACHINE
from tests.resources import execution as arn_of

EXECUTION = arn_of("first")
RECORD = {"object_key": "house.jpg", "format": "JPEG", "width": 640, "height": 480, "size": 1024, "model_version": ""}
RECORD |= {"labelled_at": "2026-11-22T12:00:00.000Z", "execution": EXECUTION}
STACK = Stack(boto3.Session(), {"ImagesBucketName": "images", "StateMachineArn": MACHINE})


def execution(outcome: str, reason: str = "") -> Execution:
    now = datetime.now(UTC)
    stopped = None if outcome == "RUNNING" else now
    return Execution(EXECUTION, "cat.jpg", "DetectLabels", 5, outcome, now, stopped, {}, reason)


@pytest.fixture
def new(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say which executions Step Functions has that are not archived, and which are."""

    def set_up(*found: Execution, archived: tuple[ArchivedRun, ...] = ()) -> None:
        for command in (show, trail):
            monkeypatch.setattr(command.executions, "not_archived", lambda *_words: list(found))
            monkeypatch.setattr(command, "archived_runs", lambda *_words: list(archived))
            monkeypatch.setattr(command.photos, "key_of", lambda _stack, key: key)
            monkeypatch.setattr(command.photos, "require", lambda *_words: None)

    return set_up


def why() -> str:
    return show._why_no_labels(STACK, "cat.jpg")  # noqa: SLF001  # the command asks a whole stack


def test_show_knows_a_run_that_is_not_archived_yet(new: Callable[..., None]) -> None:
    new(execution("FAILED", "Broken: because"))
    assert why() == "cat.jpg has no labels: its last run ended FAILED 0 s ago: Broken: because"
    new(execution("RUNNING"))
    assert why().startswith("cat.jpg has no labels yet: its run is in DetectLabels.")
    new()
    assert why() == "cat.jpg has no labels: no run of it is known. Start one: imagelabels reprocess cat.jpg"


def test_trail_has_such_a_run_after_the_archived_ones_and_none_twice(new: Callable[..., None]) -> None:
    old = ArchivedRun("2026-11-22T12:00:00.000Z", "", "LABELLED", "v1", "arn:old", "Cat")
    new(execution("ABORTED", "Too slow."), archived=(old,))
    first, second = trail._runs(STACK, "cat.jpg")  # noqa: SLF001  # as above
    assert first == old
    assert (second.outcome, second.said, second.execution) == ("ABORTED", "Too slow.", EXECUTION)
    new(execution("ABORTED"), archived=(second,))
    assert trail._runs(STACK, "cat.jpg") == [second]  # noqa: SLF001


def test_trail_of_an_unknown_photo_says_so(new: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    new()
    monkeypatch.setattr(trail, "connect", lambda: STACK)
    with pytest.raises(UserError, match="No run of cat"):
        trail.trail("cat.jpg")


def test_a_photo_in_which_nothing_was_recognised_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    show._print(STACK, RECORD, [], None)  # noqa: SLF001  # as above
    shown = capsys.readouterr().out
    assert "Nothing recognised: JPEG, 640 × 480 px, 1 KiB\n" in shown
    assert "confidence" not in shown
    run = ArchivedRun("2026-11-22T12:00:00.000Z", "", "LABELLED", "v1", "arn:old", "")
    assert trail._row(run, None).what == "nothing recognised"  # noqa: SLF001


def test_the_execution_of_a_local_stack_is_on_its_own_console() -> None:
    local = "http://127.0.0.1:4566"
    own = Stack(boto3.Session(), {"Settings": '{"consoleUrl": "http://127.0.0.1:4811"}'}, local)
    assert show._page_of(own, EXECUTION).startswith("http://127.0.0.1:4811/executions/")  # noqa: SLF001
    assert show._page_of(Stack(boto3.Session(), {}, local), EXECUTION) == EXECUTION  # noqa: SLF001
    assert "console.aws.amazon.com" in show._page_of(STACK, EXECUTION)  # noqa: SLF001


def test_a_line_tells_two_runs_of_one_photo_apart() -> None:
    line = tables.line_with_start(execution("FAILED"))
    assert line.startswith(f"{datetime.now(UTC):%Y-%m-%d}T")
    assert "cat.jpg  FAILED in DetectLabels  after 5 retries  0.0 s" in line
