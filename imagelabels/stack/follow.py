"""Following photos through the workflow, one look after the other."""

import time
from itertools import chain

from imagelabels.stack.pipeline import RUNNING, Execution, Pipeline

PAUSE_SECONDS = 0.25
# On AWS, Step Functions answers some five ListExecutions a second to a whole account and region.
PAUSE_ON_AWS_SECONDS = 2


class Follower:
    """Remembers every execution it has seen; an ended one is never asked about again.

    It looks at the newest `limit` executions (None: at all of them), and at those that were running.
    """

    def __init__(self, pipeline: Pipeline, limit: int | None = None) -> None:
        self._pipeline, self._limit = pipeline, limit
        self.seen: dict[str, Execution] = {}

    def look(self) -> list[Execution]:
        """Ask once; return the executions that moved since the last look, the oldest first."""
        moved = []
        for arn in self._new_or_running():
            now = self._pipeline.execution(arn)
            if self.seen.get(arn) != now:
                self.seen[arn] = now
                moved.append(now)
        return moved

    def _new_or_running(self) -> list[str]:
        running = [arn for arn, one in self.seen.items() if one.outcome == RUNNING]
        new = [arn for arn in reversed(list(self._pipeline.arns(self._limit))) if arn not in self.seen]
        return list(chain(running, new))

    def pending(self, keys: set[str]) -> set[str]:
        """Return the keys of which no execution has ended yet."""
        return keys - {one.key for one in self.seen.values() if one.outcome != RUNNING}

    def outcomes(self, keys: set[str]) -> dict[str, str]:
        """Return the outcome of each photo's newest ended execution."""
        ended = [one for one in self.seen.values() if one.key in keys and one.outcome != RUNNING]
        return {one.key: one.outcome for one in sorted(ended, key=lambda one: one.started)}

    @property
    def pause_seconds(self) -> float:
        return PAUSE_SECONDS if self._pipeline.connection.endpoint else PAUSE_ON_AWS_SECONDS


def pause(seconds: float = PAUSE_SECONDS) -> None:
    time.sleep(seconds)
