"""Times have one form, in which the order of texts is the order of times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagelabels_shared.timestamps import in_one_form, of_epoch, timestamp

MOMENTS = st.datetimes(min_value=datetime(1000, 1, 2), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def test_a_time_is_written_in_utc_with_milliseconds_and_z() -> None:
    there = datetime(2026, 11, 22, 19, 4, 5, 123_999, timezone(timedelta(hours=2)))
    assert timestamp(there) == "2026-11-22T17:04:05.123Z"
    assert timestamp(of_epoch(1_795_367_045_123)) == "2026-11-22T17:04:05.123Z"


@given(MOMENTS, MOMENTS)
def test_texts_are_ordered_as_times_are(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    assert timestamp(first) <= timestamp(second)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-22T12:00:00.000+00:00", "2026-11-22T12:00:00.000Z"),
        ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00.000Z"),
        ("2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00.000Z"),
        ("later", "later"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_time_that_was_stored_in_another_form_is_given_in_this_one(text: str, shown: str) -> None:
    assert in_one_form(text) == shown
