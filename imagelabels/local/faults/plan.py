"""Which calls fail, and how: rules that count the calls they match, so that every run fails in the same places."""

import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from imagelabels.errors import UserError
from imagelabels.local.token_bucket import TokenBucket

# throttle, outage and error answer instead of the service. refuse closes the connection before the call, drop after
# the call took effect. kill-before and kill-after end the calling function's process.
CALL_FAULTS = ("throttle", "outage", "error", "delay", "refuse", "drop", "kill-before", "kill-after")
DELIVERY_FAULTS = ("twice", "late", "reversed")
# The message of every injected error.
MESSAGE = "This call was told to fail."


class Call(NamedTuple):
    """One call to AWS: `action` is the service as in IAM and the operation, `function` the caller's name in the stack.

    `about` is the input that the caller works on, as text: a rule looks for a key or an execution in it.
    """

    action: str
    function: str
    about: str = ""


class Rule(NamedTuple):
    """What happens to the matching calls number `first` to `last`; "" matches every action or function."""

    fault: str
    action: str = ""
    function: str = ""
    about: str = ""
    first: int = 1
    last: int = 1_000_000
    rate: float = 0.0  # calls a second; only calls over this rate fail
    chance: float = 1.0
    seconds: float = 1.0
    error: str = ""
    status: int = 400
    of: int = 2  # how many events to hold before they are delivered in reverse

    def matches(self, call: Call) -> bool:
        return self.action in {"", call.action} and self.function in {"", call.function} and self.about in call.about


class Plan:
    """The rules in force. `matched` and `struck` count each rule's calls; `log` names every call with its fault or "".

    Raises UserError for a rule of another form.
    """

    def __init__(self, document: dict[str, Any], clock: Callable[[], float] = time.monotonic) -> None:
        self.seed = int(document.get("seed", 0))
        self.rules = [_rule(fields) for fields in document["rules"]]
        self.matched = [0] * len(self.rules)
        self.struck = [0] * len(self.rules)
        self.log: list[tuple[str, str, str]] = []
        self._buckets = [TokenBucket(rule.rate, clock) for rule in self.rules]

    def next_fault(self, call: Call) -> Rule | None:
        """Count the call and return the first rule that makes it fail, None when it passes."""
        failing = None
        for number, rule in enumerate(self.rules):
            if rule.matches(call):
                self.matched[number] += 1
                if failing is None and self._fails(number, rule):
                    self.struck[number] += 1
                    failing = rule
        self.log.append((call.function, call.action, failing.fault if failing else ""))
        return failing

    def _fails(self, number: int, rule: Rule) -> bool:
        attempt = self.matched[number]
        if not rule.first <= attempt <= rule.last:
            return False
        if rule.rate and self._buckets[number].take():
            return False
        # From seed, rule and attempt alone: the order in which different calls arrive changes nothing.
        return random.Random(f"{self.seed}/{number}/{attempt}").random() < rule.chance  # noqa: S311  # not a secret


def _rule(fields: dict[str, Any]) -> Rule:
    try:
        rule = Rule(**fields)
    except TypeError as error:
        raise UserError(f"A fault rule has the fields {', '.join(Rule._fields)}; this one does not: {error}") from error
    if rule.fault not in CALL_FAULTS + DELIVERY_FAULTS:
        raise UserError(f"A fault is one of {', '.join(CALL_FAULTS + DELIVERY_FAULTS)}; there is no {rule.fault!r}.")
    return rule
