"""What is failing now: failed executions by state and error, for the strip above the list."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from imagelabels.console.rows import name_of, style_of
from imagelabels.stack.executions import NO_PHOTO, Execution

MOST = 3
# What has to be true before it helps to run a photo again, by error; for all others the cause itself
# has to say it.
REMEDIES = {
    "AccessDeniedError": "Running it again changes nothing until the role has this permission.",
    "ThrottledError": "AWS asked to slow down for longer than the retries last: run it again when less is going on.",
    "ServiceUnavailableError": "A service did not answer for longer than the retries last: run it again now.",
    "States.Timeout": "The step took longer than it may: run it again; if it happens again, look at the step's log.",
}


class Group(NamedTuple):
    """Executions that failed in the same way: the surest sign of one cause."""

    state: str
    error: str
    reason: str
    names: list[str]

    @property
    def query(self) -> str:
        """The address of the list that shows them."""
        return urlencode({"outcome": "failed", "state": self.state, "text": self.error})

    @property
    def again(self) -> str:
        return urlencode([("name", name) for name in self.names])


def failing(executions: Iterable[Execution]) -> list[Group]:
    """Return the groups of failed executions whose photo has not been labelled since, the largest first.

    `executions` come newest first.
    """
    groups: dict[tuple[str, str], Group] = {}
    settled: set[str] = set()
    for one in executions:
        if subject(one) in settled:
            continue
        settled.add(subject(one))
        if style_of(one.outcome) == "failed":
            error, _colon, reason = one.reason.partition(": ")
            error = error or one.outcome.replace("_", " ").capitalize()
            group = groups.setdefault((one.state, error), Group(one.state, error, reason, []))
            group.names.append(name_of(one.arn))
    return sorted(groups.values(), key=lambda group: -len(group.names))[:MOST]


def subject(one: Execution) -> str:
    """Return what an execution is about: its photo, or itself, as those that name no photo have nothing in common."""
    return one.arn if one.key == NO_PHOTO else one.key


def remedy(error: str) -> str:
    """Return what has to be true before running it again helps, "" where only the cause itself tells."""
    return REMEDIES.get(error, "")
