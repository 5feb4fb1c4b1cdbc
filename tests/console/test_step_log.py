"""The log lines of a step, in words, from CloudWatch Logs."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from imagelabels.console.state_view import state_view
from imagelabels.console.step_log import MOST_LINES, NOTHING, StepLogs
from imagelabels.console.steps import Step, steps
from imagelabels.stack.connection import Stack
from tests.console.histories import recorded
from tests.moto_aws import mocked

GROUP = "/aws/lambda/DetectLabels"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:label-image:run-1"
NOW = datetime.now(UTC)
STEP = Step("DetectLabels", "Task", NOW - timedelta(seconds=4), "{}", exited=NOW)


@pytest.fixture
def stack(session: boto3.Session) -> Iterator[Stack]:
    with mocked():
        session.client("logs").create_log_group(logGroupName=GROUP)
        session.client("logs").create_log_stream(logGroupName=GROUP, logStreamName="one")
        yield Stack(session, {})


def write(stack: Stack, *messages: str, at: datetime = NOW) -> None:
    events = [{"timestamp": int(at.timestamp() * 1000), "message": message} for message in messages]
    stack.client("logs").put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=events)


def line(execution: str = EXECUTION, **more: Any) -> str:
    return json.dumps({"level": "INFO", "message": "Step done", "execution": execution, "cold_start": True, **more})


def read(stack: Stack, monkeypatch: pytest.MonkeyPatch, group: str = GROUP) -> list[str]:
    monkeypatch.setattr(StepLogs, "_group", lambda _self, _function: group)
    return StepLogs(stack).read(EXECUTION, "arn:aws:lambda:us-east-1:123456789012:function:DetectLabels", STEP)


def test_a_line_says_what_a_person_asks(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    write(stack, line(labels=3, turn="now"), f'cut off "{EXECUTION}"')
    first, second = read(stack, monkeypatch)
    assert first.split(" ", 1)[1] == "INFO    Step done labels=3 turn=now"
    assert second.endswith(f'cut off "{EXECUTION}"')


def test_lines_of_others_and_of_other_times_are_not_shown(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    write(stack, line(f"{EXECUTION}2"), line("another"))
    write(stack, line(), at=NOW - timedelta(hours=1))
    assert read(stack, monkeypatch) == [NOTHING]


def test_a_log_is_bounded(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    write(stack, *[line(number=number) for number in range(2 * MOST_LINES)])
    assert len(read(stack, monkeypatch)) == MOST_LINES


def test_a_log_that_nobody_may_read_is_a_sentence(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    (said,) = read(stack, monkeypatch, "no such group")
    assert said.startswith("The log cannot be read: ")


def test_a_log_is_read_when_it_is_opened_and_a_state_without_a_function_has_none(definition: dict[str, Any]) -> None:
    execution, asked = recorded("throttled"), []

    def read_log(function: str, step: Step) -> list[str]:
        asked.append((function, step.name))
        return ["17:04:05.123 INFO    Step done"]

    found = {step.name: step for step in steps(execution.events)}
    shown = state_view(found["DetectLabels"], definition, "output", execution.stop, read_log)
    assert ("log", "Log") in shown.tabs
    assert asked == []
    shown = state_view(found["DetectLabels"], definition, "log", execution.stop, read_log)
    assert shown.text == "17:04:05.123 INFO    Step done"
    assert len(asked) == 1
    choice = state_view(found["NeedsNormalizing"], definition, "log", execution.stop, read_log)
    assert "log" not in dict(choice.tabs)
    assert len(asked) == 1
