"""The cells of the fault matrix: each AWS call of each function, with each fault that applies to it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

UPLOADED, REJECTED, DELETED = "uploaded", "rejected", "deleted"
# Failed calls for one failure of a function: botocore makes a second attempt by itself.
ATTEMPTS = 2
ACCESS_DENIED = {"s3": "AccessDenied", "sns": "AuthorizationError"}
READ_TIMEOUT_SECONDS = 10
CALL_FAULTS: dict[str, dict[str, Any]] = {
    "throttled once": {"fault": "throttle", "last": 1},
    "throttled 3 times": {"fault": "throttle", "last": 3 * ATTEMPTS},
    "answers 500 twice": {"fault": "outage", "last": 2 * ATTEMPTS},
    "answers 500 until fixed": {"fault": "outage"},
    "denied until fixed": {"fault": "error", "status": 403},
    "a second late": {"fault": "delay", "seconds": 1.0, "last": 1},
    "connection refused": {"fault": "refuse", "last": ATTEMPTS},
    "connection lost after the effect": {"fault": "drop", "last": ATTEMPTS},
    "process killed before": {"fault": "kill-before", "last": 1},
    "process killed after the effect": {"fault": "kill-after", "last": 1},
}
TIMEOUT_FAULTS: dict[str, dict[str, Any]] = {
    "later than the client waits": {"fault": "delay", "seconds": READ_TIMEOUT_SECONDS + 1.0, "last": 1},
}
INVOKE_FAULTS: dict[str, dict[str, Any]] = {
    "throttled 3 times": {"fault": "throttle", "last": 3},
    "answers 500 twice": {"fault": "outage", "last": 2},
    "answers 500 until fixed": {"fault": "outage"},
    "a second late": {"fault": "delay", "seconds": 1.0, "last": 1},
    "connection lost after the effect": {"fault": "drop", "last": 1},
}
SEND_FAULTS = {**INVOKE_FAULTS, "connection refused": {"fault": "refuse", "last": 1}}
REVERSED = "delivered in reverse"
DELIVERY_FAULTS: dict[str, dict[str, Any]] = {
    "delivered twice": {"fault": "twice"},
    "delivered late": {"fault": "late", "seconds": 2.0},
    REVERSED: {"fault": "reversed", "of": 2},
}


class Cell(NamedTuple):
    """One call of one function with one fault; `rule` is the fault rule without the photo.

    `scenario` is what happens to the photo: it is uploaded, it is rejected as not a photo, or it is deleted again.
    """

    scenario: str
    function: str
    action: str
    name: str
    rule: dict[str, Any]

    @property
    def uploads(self) -> int:
        return 2 if self.rule["fault"] == "reversed" else 1

    @property
    def executions(self) -> int:
        twice = self.rule["fault"] == "twice" and self.function == "Object Created"
        return 2 if twice or self.rule["fault"] == "reversed" else 1

    @property
    def at_least_one_report(self) -> bool:
        """Whether SNS can have the message while its response was lost; a standard topic does not find duplicates."""
        lost = self.rule["fault"] in {"drop", "kill-after"} or self.rule.get("seconds", 0) > 1
        return self.function in {"PublishReport", "SendDigest"} and lost

    @property
    def becomes_a_dead_letter(self) -> bool:
        """Whether a queue's message fails at every delivery, until a person fixes the cause."""
        until_fixed = self.rule["fault"] in {"outage", "error"} and "last" not in self.rule
        return self.function in {"ArchiveAudit", "RemoveLabels", "SendDigest"} and until_fixed


def cells_of(calls: Iterable[tuple[str, str, str]]) -> list[Cell]:
    """Return a cell for every call (scenario, function, action) and every fault that applies to it."""
    return [
        Cell(scenario, function, action, name, _with_error(rule, action))
        for scenario, function, action in calls
        for name, rule in _applicable(function, action).items()
    ]


def _applicable(function: str, action: str) -> dict[str, dict[str, Any]]:
    if action == "lambda:Invoke":
        return INVOKE_FAULTS
    if action == "events:Deliver":
        return {
            name: rule for name, rule in DELIVERY_FAULTS.items() if name != REVERSED or function == "Object Created"
        }
    return SEND_FAULTS if function == "LabelImage" else CALL_FAULTS | TIMEOUT_FAULTS


def _with_error(rule: dict[str, Any], action: str) -> dict[str, Any]:
    error = ACCESS_DENIED.get(action.split(":", maxsplit=1)[0], "AccessDeniedException")
    return {**rule, "error": error} if rule["fault"] == "error" else rule


def one_of_each_fault(cells: list[Cell]) -> list[Cell]:
    """Return one cell for each fault, spread over the calls, without those that wait for a client's timeout."""
    names = [name for name in dict.fromkeys(cell.name for cell in cells) if name not in TIMEOUT_FAULTS]
    groups = [[cell for cell in cells if cell.name == name] for name in names]
    return [group[number * 5 % len(group)] for number, group in enumerate(groups)]
