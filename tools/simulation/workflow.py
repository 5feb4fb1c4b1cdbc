"""What the definition says of a photo that is labelled: its transitions, and how a throttled state is repeated."""

from dataclasses import dataclass
from typing import Any

from infra.definition import definition

DETECT, CHOICE, WAIT, LAST = "DetectLabels", "NeedsToWait", "WaitForTurn", "RecordOutcome"


@dataclass(frozen=True)
class Workflow:
    """State transitions until DetectLabels is entered, from it to the end, and of each wait for a turn.

    `first`, `factor` and `longest` are the delays of a throttled state's Retry in seconds, which has `attempts`.
    """

    before: int
    after: int
    of_wait: int
    first: float
    factor: float
    longest: float
    attempts: int
    timeout: int

    def delay(self, retries: int) -> float:
        """Return the longest delay before another attempt, after so many."""
        return float(min(self.longest, self.first * self.factor ** min(retries, 60)))


def workflow() -> Workflow:
    """Return what `statemachine/label_image.asl.yaml` says."""
    whole = definition()
    states = whole["States"]
    (retry,) = [one for one in states[DETECT]["Retry"] if "ThrottledError" in one["ErrorEquals"]]
    waits = _way(states, WAIT, CHOICE)
    return Workflow(
        # The start of an execution is a transition, too.
        before=1 + len(_way(states, whole["StartAt"], DETECT)),
        after=len(_way(states, CHOICE, LAST)),
        of_wait=len(waits),
        first=retry["IntervalSeconds"],
        factor=retry["BackoffRate"],
        longest=retry["MaxDelaySeconds"],
        attempts=retry["MaxAttempts"],
        timeout=whole["TimeoutSeconds"],
    )


def _way(states: dict[str, Any], first: str, last: str) -> list[str]:
    """Return the states from one to another, by what follows when nothing is out of the ordinary."""
    way = [first]
    while way[-1] != last:
        state = states[way[-1]]
        way.append(state.get("Default") or state["Next"])
    return way
