"""The times that people type for `--since` and `--before`."""

from datetime import UTC, datetime

import pytest

from imagelabels.errors import UserError
from imagelabels.terminal.times import moment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("30m", "2026-11-22T11:30:00+00:00"),
        ("12h", "2026-11-22T00:00:00+00:00"),
        ("7d", "2026-11-15T12:00:00+00:00"),
        ("2w", "2026-11-08T12:00:00+00:00"),
        ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00+00:00"),
    ],
)
def test_times_are_read(text: str, then: str) -> None:
    assert moment(text, NOW).isoformat() == then


@pytest.mark.parametrize("text", ["yesterday", "7", "d", "-1d", "2026-13-01", "999999d"])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="write 30m, 12h, 7d"):
        moment(text, NOW)
