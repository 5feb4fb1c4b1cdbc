"""Following photos through the workflow, one look after the other."""

import time
from collections.abc import Iterator

from imagelabels.pipeline import RUNNING, Execution, Pipeline

PAUSE_SECONDS = 0.25


class Follower:
    """Remembers every execution it has seen; an ended one is never asked about again."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.seen: dict[str, Execution] = {}

    def look(self) -> list[Execution]:
        """Ask once; return the executions that moved since the last look, the oldest first."""
        moved = []
        for arn, _status in reversed(list(self._new_or_running())):
            now = self._pipeline.execution(arn)
            if self.seen.get(arn) != now:
                self.seen[arn] = now
                moved.append(now)
        return moved

    def _new_or_running(self) -> Iterator[tuple[str, str]]:
        for arn, status in self._pipeline.arns():
            known = self.seen.get(arn)
            if known is None or known.outcome == RUNNING:
                yield arn, status

    def pending(self, keys: set[str]) -> set[str]:
        """Return the keys of which no execution has ended yet."""
        return keys - {one.key for one in self.seen.values() if one.outcome != RUNNING}

    def outcomes(self, keys: set[str]) -> dict[str, str]:
        """Return the outcome of each photo's newest ended execution."""
        ended = [one for one in self.seen.values() if one.key in keys and one.outcome != RUNNING]
        return {one.key: one.outcome for one in sorted(ended, key=lambda one: one.started)}


def pause() -> None:
    time.sleep(PAUSE_SECONDS)
