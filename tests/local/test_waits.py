"""Locally, as at AWS, a retry's wait is drawn: photos that were refused together do not come back together."""

from typing import Any

import pytest
from ministack.services import stepfunctions

from imagelabels.local.emulator import corrections

RETRY = {"ErrorEquals": ["ThrottledError"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 60}


@pytest.fixture(autouse=True)
def _corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    # Put back afterwards: the correction replaces this name for the whole process.
    monkeypatch.setattr(stepfunctions, "_find_matching_retrier", stepfunctions._find_matching_retrier)  # noqa: SLF001
    corrections.draw_waits()


def waits(attempt: int, **more: Any) -> set[float]:
    """Return what a hundred executions wait before their attempt of this number, in seconds."""
    found = [stepfunctions._find_matching_retrier([RETRY | more], "ThrottledError", {0: attempt}) for _ in range(100)]  # noqa: SLF001
    assert all(retrier["BackoffRate"] == 1 and number == 0 for retrier, number in found)
    return {retrier["IntervalSeconds"] for retrier, _number in found}


def test_without_jitter_the_wait_doubles_up_to_the_longest() -> None:
    assert waits(3) == {16}
    assert waits(50, MaxDelaySeconds=300) == {300}


def test_full_jitter_draws_from_nothing_to_the_wait() -> None:
    drawn = waits(50, MaxDelaySeconds=300, JitterStrategy="FULL")
    assert len(drawn) > 90
    assert 0 <= min(drawn) < 100
    assert 200 < max(drawn) <= 300


def test_another_error_is_not_retried() -> None:
    assert stepfunctions._find_matching_retrier([RETRY], "CorruptImageError", {}) == (None, -1)  # noqa: SLF001
