"""How long an execution may take: everything that its Retries allow, and not for ever."""

from typing import Any

from imagelabels_shared.table.claims import WINDOW_SECONDS
from tests.contract.checks import targets

WAITING = "MaxDelaySeconds"
TURN = "WaitForTurn"


def longest_wait(retry: dict[str, Any]) -> int:
    """Return the sum of a Retry's longest waits in seconds."""
    waits = (retry["IntervalSeconds"] * retry["BackoffRate"] ** attempt for attempt in range(retry["MaxAttempts"]))
    return sum(min(wait, retry[WAITING]) for wait in waits)


def longest_stay(state: dict[str, Any]) -> int:
    """Return the most seconds in a state: every attempt to its timeout, and the waits between them."""
    retries = state.get("Retry", [])
    attempts: int = 1 + sum(retry["MaxAttempts"] for retry in retries)
    seconds: int = state.get("TimeoutSeconds", 0)
    return attempts * seconds + sum(longest_wait(retry) for retry in retries)


def longest_way(states: dict[str, Any], name: str) -> int:
    """Return the most seconds from a state to the end, without the wait for turns, the definition's only loop."""
    onward = [longest_way(states, target) for target in targets(states[name]) if target != TURN]
    return longest_stay(states[name]) + max(onward, default=0)


def test_an_execution_may_take_all_the_attempts_that_its_retries_allow(definition: dict[str, Any]) -> None:
    """And ends before its claim does: after that, a repeated event would label the version again."""
    longest = longest_way(definition["States"], definition["StartAt"])
    assert 35 * 3600 < longest < 36 * 3600, "docs/retries.md and the definition's comment say 36 hours"
    assert longest < definition["TimeoutSeconds"] < WINDOW_SECONDS


def test_a_wait_is_bounded_by_its_longest_delay() -> None:
    retry = {"IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 4, WAITING: 5}
    assert longest_wait(retry) == 2 + 4 + 5 + 5
    assert longest_stay({"Retry": [retry], "TimeoutSeconds": 10}) == 5 * 10 + 16
