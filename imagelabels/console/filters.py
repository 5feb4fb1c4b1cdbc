"""Which executions a person wants to see: what the filters above the list say, and the address that says the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from imagelabels.console.rows import OUTCOMES, style_of
from imagelabels.errors import UserError
from imagelabels.stack.executions import RUNNING, UNSUCCESSFUL, Execution
from imagelabels.terminal.times import moment

# What ListExecutions can tell apart; all others need a look at the execution itself.
STATUSES: dict[str, tuple[str, ...]] = {"running": (RUNNING,), "failed": UNSUCCESSFUL}
SUCCEEDED = ("SUCCEEDED",)
STYLES = tuple(dict.fromkeys(style for _word, style in OUTCOMES.values()))
PERIODS = (("", "Any time"), ("15m", "15 minutes"), ("1h", "1 hour"), ("24h", "24 hours"), ("7d", "7 days"))


class Filter(NamedTuple):
    """`outcome` is a style of `rows.OUTCOMES`, `state` a state's name, `text` a part of key or reason; "" is any."""

    outcome: str = ""
    state: str = ""
    text: str = ""
    since: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> "Filter":
        """Read an address; raises UserError for an outcome or a time that there is not."""
        found = cls(*(given.get(name, "").strip() for name in cls._fields))
        if found.outcome and found.outcome not in STYLES:
            raise UserError(f"An outcome is one of {', '.join(STYLES)}.")
        if found.since:
            moment(found.since)
        return found

    @property
    def statuses(self) -> tuple[str | None, ...]:
        """Return the statuses to ask ListExecutions for, None for any."""
        return STATUSES.get(self.outcome, SUCCEEDED if self.outcome else (None,))

    @property
    def query(self) -> str:
        """Return the filter as the query of an address, "" for none."""
        return urlencode({name: value for name, value in self._asdict().items() if value})

    def earliest(self, now: datetime | None = None) -> datetime | None:
        return moment(self.since, now) if self.since else None

    def meets(self, one: Execution) -> bool:
        words = f"{one.key} {one.reason} {one.state} {' '.join(one.labels)}".casefold()
        return (
            self.outcome in {"", style_of(one.outcome)}
            and self.state in {"", one.state}
            and self.text.casefold() in words
        )
