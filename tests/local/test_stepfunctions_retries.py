"""A Retry on the local stack waits with jitter, as on AWS: executions that failed together are not retried together."""

from typing import Any

import pytest
from ministack.services import stepfunctions

from imagelabels.local.emulator import stepfunctions_retries

RETRY = {"ErrorEquals": ["ThrottledError"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 60}


@pytest.fixture(autouse=True)
def _corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    # monkeypatch restores the function that the correction replaces for the whole process.
    monkeypatch.setattr(stepfunctions, "_find_matching_retrier", stepfunctions._find_matching_retrier)  # noqa: SLF001
    stepfunctions_retries.apply()


def delays(attempt: int, **more: Any) -> set[float]:
    """Return the delays of a hundred executions after this many retries, in seconds."""
    found = [stepfunctions._find_matching_retrier([RETRY | more], "ThrottledError", {0: attempt}) for _ in range(100)]  # noqa: SLF001
    assert all(retrier["BackoffRate"] == 1 and number == 0 for retrier, number in found)
    return {retrier["IntervalSeconds"] for retrier, _number in found}


def test_without_jitter_the_delay_doubles_up_to_max_delay_seconds() -> None:
    assert delays(3) == {16}
    assert delays(50, MaxDelaySeconds=300) == {300}


def test_full_jitter_is_random_between_zero_and_the_delay() -> None:
    drawn = delays(50, MaxDelaySeconds=300, JitterStrategy="FULL")
    assert len(drawn) > 90
    assert 0 <= min(drawn) < 100
    assert 200 < max(drawn) <= 300


def test_another_error_is_not_retried() -> None:
    assert stepfunctions._find_matching_retrier([RETRY], "CorruptImageError", {}) == (None, -1)  # noqa: SLF001
