"""The one form of a time: ISO 8601 in UTC with milliseconds and `Z`, as in 2026-11-22T17:04:05.123Z.

All times of this form have the same length, so comparing them as text compares them as times. Items that were
written before 2026-11-25 have `+00:00` in place of `Z` in `labelled_at`; `in_one_form` reads both.
"""

from datetime import UTC, datetime

MILLISECONDS = 1000


def timestamp(moment: datetime) -> str:
    """Return a time in the one form. Raises OverflowError for a time that UTC's calendar does not have."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    return timestamp(datetime.now(UTC))


def of_epoch(milliseconds: int) -> datetime:
    """Return the time that SQS and EventBridge write as milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / MILLISECONDS, UTC)


def in_one_form(text: str) -> str:
    """Return any ISO 8601 time in the one form; a text that is not a time comes back unchanged."""
    try:
        return timestamp(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return text
