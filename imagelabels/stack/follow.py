"""Photos followed through the workflow, until their executions have ended and their reports are mailed."""

import time
from itertools import chain

from imagelabels.stack import executions
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import RUNNING, Execution

PAUSE_SECONDS = 0.25
# On AWS, an account has five ListExecutions a second in a region for all its programs together.
PAUSE_ON_AWS_SECONDS = 2
UNSENT = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


class Follower:
    """Remembers every execution that it has seen, and asks no more about those that have ended.

    It looks at the newest `limit` executions (None: at all of them), and at those that were running.
    """

    def __init__(self, stack: Stack, limit: int | None = None) -> None:
        self._stack, self._limit = stack, limit
        self.seen: dict[str, Execution] = {}

    def look(self) -> list[Execution]:
        """Ask once; return the executions that changed since the last look, the oldest first."""
        changed = []
        for arn in self._new_or_running():
            now = executions.describe(self._stack, arn)
            if self.seen.get(arn) != now:
                self.seen[arn] = now
                changed.append(now)
        return changed

    def _new_or_running(self) -> list[str]:
        running = [arn for arn, execution in self.seen.items() if execution.outcome == RUNNING]
        newest = list(executions.arns(self._stack, self._limit))
        return list(chain(running, (arn for arn in reversed(newest) if arn not in self.seen)))

    def pending(self, keys: set[str]) -> set[str]:
        """Return the keys that have no ended execution yet."""
        return keys - {execution.key for execution in self._ended()}

    def outcomes(self, keys: set[str]) -> dict[str, str]:
        """Return the outcome of each photo's newest ended execution."""
        oldest_first = sorted(self._ended(), key=lambda execution: execution.started)
        return {execution.key: execution.outcome for execution in oldest_first if execution.key in keys}

    def _ended(self) -> list[Execution]:
        return [execution for execution in self.seen.values() if execution.outcome != RUNNING]

    @property
    def pause_seconds(self) -> float:
        return PAUSE_SECONDS if self._stack.endpoint else PAUSE_ON_AWS_SECONDS


def pause(seconds: float = PAUSE_SECONDS) -> None:
    time.sleep(seconds)


def unsent_reports(stack: Stack) -> int:
    """Return how many reports are not mailed yet, with those that are being mailed at this moment."""
    queue = stack.outputs["ReportsQueueUrl"]
    answer = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=list(UNSENT))
    return sum(int(answer["Attributes"][name]) for name in UNSENT)
