"""What `imagelabels run` shows, at 80 and 40 columns as in tests/transcripts/: a screen on a terminal, else lines."""

import io
import os
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from rich.console import Console

from imagelabels.paths import ROOT
from imagelabels.stack.executions import Execution
from imagelabels.terminal.progress import Lines, Screen, view_on
from imagelabels.terminal.steps_table import STEPS, done
from infra.definition import definition

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PAGE = "http://127.0.0.1:4567"
FILES = ROOT / "tests" / "transcripts"


def execution(key: str, outcome: str = "RUNNING", state: str = "", seconds: float = 3, **more: object) -> Execution:
    stopped = None if outcome == "RUNNING" else NOW + timedelta(seconds=seconds)
    fields = {"labels": {}, "reason": ""} | more
    return Execution(f"arn:{key}", key, state, 0, outcome, NOW, stopped, **fields)  # type: ignore[arg-type]  # of a test


def photos() -> list[Execution]:
    return [
        execution("astronaut.png", "LABELLED", seconds=2.84, labels={"Face": 99.1, "Person": 99.1}),
        execution(
            "not-a-photo.jpg", "REJECTED", seconds=1.2, reason="UnsupportedFormatError: The file is a text file."
        ),
        execution("chelsea.png", "FAILED", "DetectLabels", 9.96, reason="States.Timeout: No cause was given."),
    ]


def mail() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Face, Person: astronaut.png"
    message.set_content("Found in this photo:\n   99 %  Face\n")
    return message


def on_screen(width: int = 80, *, whole_mails: bool = False) -> str:
    """Return what is left on a terminal after a run, without colours."""
    console = Console(file=io.StringIO(), force_terminal=True, width=width, height=30, color_system=None)
    with Screen(console, whole_mails=whole_mails) as screen:
        screen.step("Starting AWS on this machine ...")
        screen.step("")
        screen.fact("AWS endpoint: http://127.0.0.1:4566")
        for key in ("astronaut.png", "coffee.png"):
            screen.uploaded(key)
        screen.executions([], photos())
        screen.mail(mail())
        screen.stays_up(PAGE)
    return left(console.file.getvalue())  # type: ignore[attr-defined]  # a StringIO


def left(shown: str) -> str:
    """Return the lines that a terminal shows in the end: what Rich erases goes, from the cursor's line upwards."""
    rows = [""]
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\n|[^\x1b\n]+", shown.replace("\r", "")):
        if part == "\n":
            rows.append("")
        elif part == "\x1b[2K":
            rows[-1] = ""
        elif re.fullmatch(r"\x1b\[\d*A", part):
            rows.pop()
        elif not part.startswith("\x1b"):
            rows[-1] += part
    return "\n".join(row.rstrip() for row in rows)


@pytest.mark.parametrize("columns", [80, 40])
def test_a_run_reads_as_a_person_has_read_it(columns: int) -> None:
    """One table that stays, with what was uploaded and has no execution yet; a line for a mail; what to do next."""
    shown, file = on_screen(columns), FILES / f"run.{columns}.txt"
    if os.environ.get("TRANSCRIPTS") == "write":
        file.write_text(shown)
    assert shown == file.read_text()


def test_a_mail_is_its_subject_unless_the_whole_of_it_is_asked_for() -> None:
    assert "   99 %  Face\n" not in on_screen()
    assert "   99 %  Face\n" in on_screen(whole_mails=True)


def test_a_step_of_the_start_is_said_while_it_takes_time_and_stays_with_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 0.0, 4.16])
    monkeypatch.setattr("imagelabels.terminal.progress.time.monotonic", lambda: next(clock, 9.0))
    console = Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)
    with Screen(console, whole_mails=False) as screen:
        screen.step("Synthesizing the stack ...")
        screen._live.refresh()  # noqa: SLF001  # what its thread does eight times a second
        assert "Synthesizing the stack ..." in console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
        screen.step("Deploying the stack ...")
    assert "Synthesizing the stack: 4.2 s" in left(console.file.getvalue())  # type: ignore[attr-defined]  # a StringIO


def test_a_file_gets_plain_lines_and_whole_mails() -> None:
    console = Console(file=io.StringIO(), width=80)
    with view_on(console, whole_mails=False) as view:
        view.step("Starting AWS on this machine ...")
        view.uploaded("astronaut.png")
        view.executions(photos()[:1], photos())
        view.mail(mail())
        view.stays_up(PAGE)
    assert type(view) is Lines
    assert console.file.getvalue().splitlines() == [  # type: ignore[attr-defined]  # a StringIO
        "Starting AWS on this machine ...",
        "astronaut.png  LABELLED  2.8 s  Face 99.1 %, Person 99.1 %",
        "mail: Face, Person: astronaut.png " + "─" * 46,
        "Found in this photo:",
        "   99 %  Face",
        "",
        "",
        "Still up; Ctrl-C stops it all. In another terminal, in the same folder:",
        'export PATH="$PWD/.venv/bin:$PATH"',
        "imagelabels --help",
        f"Console: {PAGE}",
    ]


def test_each_step_of_the_bar_is_a_state_in_the_order_of_the_workflow() -> None:
    names = list(definition()["States"])
    assert [name for name in names if name in STEPS] == list(STEPS)


@pytest.mark.parametrize(
    ("outcome", "state", "steps"),
    [
        ("RUNNING", "", 0),
        ("RUNNING", "StartEmpty", 0),
        ("RUNNING", "ValidateImage", 0),
        ("RUNNING", "DetectLabels", 2),
        ("RUNNING", "RecordOutcome", 5),
        ("RUNNING", "PublishRejection", 5),
        ("LABELLED", "", 5),
        ("RUNNING", "PublishReport", 4),
        ("REJECTED", "", 5),
        ("FAILED", "DetectLabels", 2),
    ],
)
def test_the_bar_is_as_long_as_the_photo_has_come(outcome: str, state: str, steps: int) -> None:
    assert done(execution("a.jpg", outcome, state)) == steps
