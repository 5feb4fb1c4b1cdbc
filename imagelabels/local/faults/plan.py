"""Which calls fail, and how: rules that count the calls they match, so that every run fails in the same places."""

import random
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from imagelabels.errors import UserError

# throttle, outage and error are answers instead of the call. refuse closes the connection before the call, drop
# after it took effect. kill-before and kill-after end the calling function's process. The last three are for events.
FAULTS = ("throttle", "outage", "error", "delay", "refuse", "drop", "kill-before", "kill-after")
DELIVERIES = ("twice", "late", "reversed")


class Call(NamedTuple):
    """One call to AWS: `action` as IAM names the service and AWS the operation, `function` as the stack does.

    `about` is everything that the caller works on, as text: a rule looks for a key or an execution in it.
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
    rate: float = 0.0  # throttle only what comes faster than this a second
    chance: float = 1.0
    seconds: float = 1.0
    error: str = ""
    status: int = 400
    of: int = 2  # how many events to hold before they are delivered in reverse

    def matches(self, call: Call) -> bool:
        return self.action in {"", call.action} and self.function in {"", call.function} and self.about in call.about


class Plan:
    """The rules in force. `log` names every call with the fault that it met, "" for none."""

    def __init__(self, document: dict[str, Any], clock: Callable[[], float] = time.monotonic) -> None:
        self.seed = int(document.get("seed", 0))
        self.rules = [_rule(one) for one in document["rules"]]
        self.matched = [0] * len(self.rules)
        self.struck = [0] * len(self.rules)
        self.log: list[tuple[str, str, str]] = []
        self._clock = clock
        self._free = [(max(rule.rate, 1.0), clock()) for rule in self.rules]

    def strike(self, call: Call) -> Rule | None:
        """Count the call and return the first rule that makes it fail."""
        hit = None
        for number, rule in enumerate(self.rules):
            if rule.matches(call):
                self.matched[number] += 1
                if hit is None and self._fails(number, rule):
                    self.struck[number] += 1
                    hit = rule
        self.log.append((call.function, call.action, hit.fault if hit else ""))
        return hit

    def _fails(self, number: int, rule: Rule) -> bool:
        attempt = self.matched[number]
        if not rule.first <= attempt <= rule.last:
            return False
        if rule.rate and self._in_time(number, rule.rate):
            return False
        # Of seed, rule and attempt alone: the order in which different calls arrive changes nothing.
        return random.Random(f"{self.seed}/{number}/{attempt}").random() < rule.chance  # noqa: S311  # not a secret

    def _in_time(self, number: int, rate: float) -> bool:
        free, at = self._free[number]
        now = self._clock()
        free = min(max(rate, 1.0), free + (now - at) * rate)
        self._free[number] = (free - 1 if free >= 1 else free, now)
        return free >= 1


def _rule(document: dict[str, Any]) -> Rule:
    try:
        rule = Rule(**document)
    except TypeError as error:
        raise UserError(f"A fault rule has the fields {', '.join(Rule._fields)}; this one does not: {error}") from error
    if rule.fault not in FAULTS + DELIVERIES:
        raise UserError(f"A fault is one of {', '.join(FAULTS + DELIVERIES)}; there is no {rule.fault!r}.")
    return rule
