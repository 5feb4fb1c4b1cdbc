"""A Wait of the local stack ends at its time, cut to whole seconds, as on AWS."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import stepfunctions

from imagelabels.local.emulator import stepfunctions_wait_times

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each sleep; it is noon."""
    found: list[float] = []

    class Noon(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return NOON.astimezone(tz)

    monkeypatch.setattr(stepfunctions, "_sleep_until", None)
    monkeypatch.setattr(stepfunctions_wait_times, "time", SimpleNamespace(sleep=found.append))
    monkeypatch.setattr(stepfunctions_wait_times, "datetime", Noon)
    stepfunctions_wait_times.apply()
    return found


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        ("2026-11-25T12:00:10.999Z", 10),
        ("2026-11-25T12:00:10Z", 10),
        ("2026-11-25T12:00:00.999Z", 0),
        ("2026-11-25T11:00:00.000Z", 0),
    ],
)
def test_milliseconds_are_cut_and_a_time_that_has_passed_is_no_wait(
    slept: list[float], until: str, seconds: int
) -> None:
    state = {"Type": "Wait", "TimestampPath": "$.at", "Next": "Done"}
    assert stepfunctions._execute_wait(state, {"at": until}) == ({"at": until}, "Done")  # noqa: SLF001
    assert slept == [seconds]
