"""What an item may hold: whatever a message says is cut to what DynamoDB takes, so that a run is told all the same."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from imagelabels_shared.text import one_line

MOST_TEXT, MOST_NAME, MOST_LABELS = 1000, 256, 100
# DynamoDB's numbers have 38 digits, a sort key 1,024 bytes (docs.aws.amazon.com/amazondynamodb/.../ServiceQuotas.html).
MOST_NUMBER = 10**15
MOST_IDENTITY, HEAD = 512, 64


def line(value: Any, most: int = MOST_TEXT) -> str | None:
    """Return a text on one line, cut to `most` characters; None for what is no text, or empty."""
    if not isinstance(value, str):
        return None
    return one_line(value.strip(), most) or None


def identity(value: Any) -> str:
    """Return the name of a run, the same for the same; a long one becomes its start and a digest.

    Raises ValueError for what is no text, or empty.
    """
    name = line(value, MOST_IDENTITY + 1)
    if name is None:
        raise ValueError("An audit record must name its execution or its event.")
    if len(name.encode()) <= MOST_IDENTITY:
        return name
    return f"{name[:HEAD]}…{hashlib.sha256(value.encode(errors='replace')).hexdigest()}"


def whole(value: Any) -> int | None:
    """Return a count; None for what is no count."""
    return value if type(value) is int and 0 <= value < MOST_NUMBER else None


def names(values: Any) -> list[str]:
    """Return the texts of a list."""
    found = [line(value, MOST_NAME) for value in values] if isinstance(values, list) else []
    return [name for name in found if name][:MOST_LABELS]


def instant(value: Any, sent: datetime) -> str:
    """Return a time in one form, so that times can be compared as text; `sent`, the message's own, for what is none."""
    try:
        return _form(datetime.fromisoformat(value))
    except (ValueError, TypeError, OverflowError):
        return _form(sent)


def of_epoch(milliseconds: Any, sent: datetime) -> str:
    """Return a time in the form of `instant`."""
    try:
        return _form(datetime.fromtimestamp(milliseconds / 1000, UTC))
    except (ValueError, TypeError, OverflowError, OSError):
        return _form(sent)


def expiry(recorded: str, days: int) -> int:
    """Return when an item is to be forgotten, in seconds since 1970."""
    return int(datetime.fromisoformat(recorded).timestamp()) + int(timedelta(days=days).total_seconds())


def _form(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
