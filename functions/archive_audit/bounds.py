"""What a run item may hold: each value of a message is cut to DynamoDB's limits, so that every run is archived."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from imagelabels_shared import timestamps
from imagelabels_shared.text import one_line

MOST_TEXT, MOST_NAME, MOST_LABELS = 1000, 256, 100
# DynamoDB's numbers have 38 digits, a sort key 1,024 bytes (docs.aws.amazon.com/amazondynamodb/.../ServiceQuotas.html).
MOST_NUMBER = 10**15
MOST_IDENTITY, HEAD = 512, 64


def line(value: Any, most: int = MOST_TEXT) -> str | None:
    """Return a text as one line of at most `most` characters; None for an empty text and for other values."""
    if not isinstance(value, str):
        return None
    return one_line(value.strip(), most) or None


def identity(value: Any) -> str:
    """Return the name of a run in at most MOST_IDENTITY bytes; a longer name becomes its start and its SHA-256 digest.

    Raises ValueError for an empty text and for other values.
    """
    name = line(value, MOST_IDENTITY + 1)
    if name is None:
        raise ValueError("An audit record must name its execution or its event.")
    if len(name.encode()) <= MOST_IDENTITY:
        return name
    return f"{name[:HEAD]}…{hashlib.sha256(value.encode(errors='replace')).hexdigest()}"


def whole(value: Any) -> int | None:
    """Return a number of bytes; None for a negative or too large number and for other values."""
    return value if type(value) is int and 0 <= value < MOST_NUMBER else None


def names(values: Any) -> list[str]:
    """Return the texts of a list, at most MOST_LABELS of them."""
    found = [line(value, MOST_NAME) for value in values] if isinstance(values, list) else []
    return [name for name in found if name][:MOST_LABELS]


def instant(value: Any, sent: datetime) -> str:
    """Return an ISO 8601 time in the one form of `timestamps`; `sent`, the message's own time, for any other value."""
    try:
        return timestamps.timestamp(datetime.fromisoformat(value))
    except (ValueError, TypeError, OverflowError):
        return timestamps.timestamp(sent)


def instant_of_epoch(milliseconds: Any, sent: datetime) -> str:
    """Return a time in milliseconds since 1970 as `instant` does."""
    try:
        return timestamps.timestamp(timestamps.of_epoch(milliseconds))
    except (ValueError, TypeError, OverflowError, OSError):
        return timestamps.timestamp(sent)


def expiry(recorded: str, days: int) -> int:
    """Return the time at which DynamoDB deletes an item, in seconds since 1970."""
    return int(datetime.fromisoformat(recorded).timestamp()) + int(timedelta(days=days).total_seconds())
