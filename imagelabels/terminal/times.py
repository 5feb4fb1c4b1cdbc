"""Times as people type them: `7d` for seven days ago, or a date."""

import re
from datetime import UTC, datetime, timedelta

from imagelabels.errors import WrongUsageError

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
AGO = re.compile(r"(\d{1,5})([mhdw])")


def moment(text: str, now: datetime | None = None) -> datetime:
    """Return the time that `30m`, `12h`, `7d`, `2w` (ago), or an ISO date in the local time zone stands for, in UTC.

    Raises UserError for anything else.
    """
    if ago := AGO.fullmatch(text):
        return (now or datetime.now(UTC)) - timedelta(**{UNITS[ago[2]]: int(ago[1])})
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise WrongUsageError(f"{text!r} is not a time: write 30m, 12h, 7d, 2w, or a date like 2026-11-22.") from error
