"""A photo that waits for its turn says when this is, and how many are before it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from imagelabels.stack import executions
from imagelabels.stack.turns import sentence, waiting
from imagelabels.terminal import tables
from tests.unit.recorded import NOON, Recorded

TURN = {"wait": True, "at": "2026-11-22T12:04:10.250Z", "before": 3112, "number": 1}
STATE = json.dumps({"image": {}, "detection": {"labels": [], "turn": TURN}})


def entered(name: str, state: str = STATE) -> dict[str, Any]:
    return {
        "type": "WaitStateEntered",
        "timestamp": NOON,
        "stateEnteredEventDetails": {"name": name, "input": state},
    }


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOON, "its turn is at 12:04:10 UTC, 3,112 before it"),
        (NOON + timedelta(seconds=125.125), "its turn is at 12:04:10 UTC, 1,556 before it"),
        (NOON + timedelta(minutes=9), "its turn is at 12:04:10 UTC, 0 before it"),
        (NOON - timedelta(days=1), "its turn is at 2026-11-22 12:04:10 UTC, 3,112 before it"),
    ],
)
def test_the_time_and_how_many_are_before(now: datetime, words: str) -> None:
    assert waiting([entered("WaitForTurn"), entered("DetectLabels")], now) == words


@pytest.mark.parametrize("events", [[], [entered("DetectLabels")], [entered("DetectLabels"), entered("WaitForTurn")]])
def test_what_does_not_wait_says_nothing(events: list[dict[str, Any]]) -> None:
    assert waiting(events, NOON) == ""


@pytest.mark.parametrize("state", ["", "{", "[]", '{"detection": {}}', '{"detection": {"turn": {"at": 1}}}'])
def test_a_state_without_a_turn_says_nothing(state: str) -> None:
    assert sentence(state, NOON, NOON) == ""


def test_watch_says_it(aws: None) -> None:  # noqa: ARG001  # the fixture's effect
    recorded = Recorded()
    arn = recorded.add("waiting", "RUNNING", 0)
    recorded.histories[arn] = [entered("WaitForTurn")]
    found = executions.describe(recorded.stack(), arn)
    assert found.state == "WaitForTurn"
    assert "its turn is at 2026-11-22 12:04:10 UTC, " in found.reason
    assert "its turn is at " in tables.line(found)
