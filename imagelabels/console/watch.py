"""Whether anything moved: one look at the newest executions for all pages that are open, and none for no page."""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.console.inbox import Inbox
from imagelabels.console.source import LISTED_SECONDS, Source
from imagelabels.console.thumbnails import Thumbnails
from imagelabels.errors import UserError
from imagelabels.stack.executions import RUNNING, UNSUCCESSFUL
from imagelabels.stack.follow import PAUSE_ON_AWS_SECONDS, PAUSE_SECONDS

# Whose states are looked at in one look, one after the other; all others of the newest page move when they end.
MOST_STATES = 4
# Looking takes at most this share of the time, so that watching does not slow down what is watched.
PAUSES_PER_LOOK = 1
# A comment goes to a page so often that nothing on the way takes the connection for dead.
ALIVE_SECONDS = 15
# Before the name of a mail that has come.
MAIL = "mail:"
# Before the name of an execution whose thumbnail has been drawn.
PICTURE = "picture:"
# ListExecutions "is eventually consistent" (docs.aws.amazon.com/step-functions/latest/apireference): a list that is
# asked for because an execution moved may not have it yet, so that every page is told once more, so much later.
SETTLED_SECONDS = LISTED_SECONDS + 1
# For a page that has just been opened: it may have been made before the first look.
EVERYTHING = "*"
SUCCEEDED = "SUCCEEDED"
State = tuple[str, str, int]
Signature = dict[str, tuple[Any, ...]]


class Watch:
    """Looks while somebody listens. `moves` yields the names of the executions that moved, again and again."""

    def __init__(self, source: Source, inbox: Inbox | None, thumbnails: Thumbnails) -> None:
        self._source, self._inbox, self._thumbnails = source, inbox, thumbnails
        self._listeners: dict[asyncio.Queue[list[str]], str] = {}
        self._greeted: set[asyncio.Queue[list[str]]] = set()
        self._listed: tuple[dict[str, Any], ...] = ()
        self._states: dict[str, State] = {}
        self._before: Signature | None = None
        self._settled = float("inf")
        self._turn = 0
        self._looking: asyncio.Task[None] | None = None

    async def moves(self, name: str = "") -> AsyncIterator[list[str]]:
        """Yield the names of executions that moved and mails that came, none when nothing did for ALIVE_SECONDS.

        The state of the one called `name` is looked at each time.
        """
        queue: asyncio.Queue[list[str]] = asyncio.Queue(maxsize=1)
        self._listeners[queue] = name
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), ALIVE_SECONDS)
                except TimeoutError:
                    yield []
        finally:
            del self._listeners[queue]
            self._greeted.discard(queue)

    def close(self) -> None:
        """Look no more."""
        if self._looking:
            self._looking.cancel()

    async def _look(self) -> None:
        self._before = None
        self._settled = float("inf")
        while self._listeners:
            begin = time.monotonic()
            # What ended is told before anybody looks at states, which takes longer.
            for look in (self._list, self._look_at_states):
                try:
                    now = await asyncio.to_thread(look)
                except (BotoCoreError, ClientError, UserError, OSError):
                    # The page itself says what AWS refuses; the next look may be answered.
                    now = self._before or {}
                self._compare(now, begin)
            pause = PAUSE_SECONDS if self._source.local else PAUSE_ON_AWS_SECONDS
            await asyncio.sleep(max(pause, PAUSES_PER_LOOK * (time.monotonic() - begin)))

    def _compare(self, now: Signature, begin: float) -> None:
        """Tell what is not as it was before, and let it be asked for anew."""
        before, self._before = self._before, now
        moved = [name for name, sign in now.items() if before is not None and before.get(name) != sign]
        self._source.forget(name for name in moved if now[name] and now[name][0] != RUNNING)
        self._source.forget_lists({now[name][0] for name in moved if now[name]} | ({RUNNING} if moved else set()))
        first, late = before is None, begin > self._settled
        if first or moved or late:
            self._settled = float("inf") if late else begin + SETTLED_SECONDS
        if first or late:
            self._source.forget_lists((RUNNING, SUCCEEDED, *UNSUCCESSFUL))
            moved += [EVERYTHING]
        self._tell(moved + [f"{PICTURE}{name}" for name in self._thumbnails.news()])

    def _tell(self, moved: list[str]) -> None:
        for queue in self._listeners:
            news = moved if queue in self._greeted else [EVERYTHING]
            self._greeted.add(queue)
            # A page that has not taken the last news yet needs to look at both.
            waiting = [] if queue.empty() else queue.get_nowait()
            if waiting or news:
                queue.put_nowait([*waiting, *news])

    def _list(self) -> Signature:
        self._listed = self._source.look().executions
        running = self._running()
        self._states = {name: state for name, state in self._states.items() if name in running}
        return self._signature()

    def _look_at_states(self) -> Signature:
        with ThreadPoolExecutor(MOST_STATES) as threads:
            for name, found in threads.map(self._state, self._due(self._running())):
                self._states[name] = found
        return self._signature()

    def _state(self, name: str) -> tuple[str, State]:
        found = self._source.execution(self._source.arn(name))
        return name, (found.outcome, found.state, found.retries)

    def _running(self) -> list[str]:
        return [one["name"] for one in self._listed if one["status"] == RUNNING]

    def _signature(self) -> Signature:
        signs: Signature = {one["name"]: (one["status"], *self._states.get(one["name"], ())) for one in self._listed}
        return signs | {f"{MAIL}{name}": () for name in (self._inbox.names() if self._inbox else [])}

    def _due(self, running: list[str]) -> set[str]:
        """Return whose state to look at now: those that somebody looks at, and a few of the others in turn."""
        begin = self._turn % len(running) if running else 0
        self._turn = begin + MOST_STATES
        looked_at = set(self._listeners.values()) & set(running)
        return looked_at | set(running[begin : begin + MOST_STATES])
