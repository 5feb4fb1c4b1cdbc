"""Whether anything moved: one look at the newest executions for all pages that are open, and none for no page."""

import asyncio
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.console.inbox import Inbox
from imagelabels.console.listing import AT_ONCE
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.stack.follow import PAUSE_ON_AWS_SECONDS, PAUSE_SECONDS
from imagelabels.stack.pipeline import RUNNING

# Whose states are looked at; the others of the newest page of ListExecutions move when they end.
MOST_RUNNING = 25
# Looking takes at most this share of the time, so that watching does not slow down what is watched.
PAUSES_PER_LOOK = 2
# A comment goes to a page so often that nothing on the way takes the connection for dead.
ALIVE_SECONDS = 15
# Before the name of a mail that has come.
MAIL = "mail:"
Signature = dict[str, tuple[Any, ...]]


class Watch:
    """Looks while somebody listens. `moves` yields the names of the executions that moved, again and again."""

    def __init__(self, source: Source, inbox: Inbox | None) -> None:
        self._source, self._inbox = source, inbox
        self._listeners: set[asyncio.Queue[list[str]]] = set()
        self._looking: asyncio.Task[None] | None = None

    async def moves(self) -> AsyncIterator[list[str]]:
        """Yield the names of executions that moved and mails that came, none when nothing did for ALIVE_SECONDS."""
        queue: asyncio.Queue[list[str]] = asyncio.Queue(maxsize=1)
        self._listeners.add(queue)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), ALIVE_SECONDS)
                except TimeoutError:
                    yield []
        finally:
            self._listeners.discard(queue)

    async def _look(self) -> None:
        before: Signature | None = None
        while self._listeners:
            begin = time.monotonic()
            try:
                now = await asyncio.to_thread(self._signature)
            except (BotoCoreError, ClientError, UserError):
                # The page itself says what AWS refuses; the next look may be answered.
                now = before or {}
            moved = [name for name, sign in now.items() if before is not None and before.get(name) != sign]
            before = now
            if moved:
                self._tell(moved)
            pause = PAUSE_SECONDS if self._source.local else PAUSE_ON_AWS_SECONDS
            await asyncio.sleep(max(pause, PAUSES_PER_LOOK * (time.monotonic() - begin)))

    def _tell(self, moved: list[str]) -> None:
        for queue in self._listeners:
            # A page that has not taken the last one yet needs to look at both.
            waiting = [] if queue.empty() else queue.get_nowait()
            queue.put_nowait([*waiting, *moved])

    def _signature(self) -> Signature:
        listed = self._source.listed().executions
        signs: Signature = {one["name"]: (one["status"],) for one in listed}
        running = [one for one in listed if one["status"] == RUNNING][:MOST_RUNNING]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            seen = threads.map(self._source.execution, [one["executionArn"] for one in running])
            signs |= {
                one["name"]: (found.outcome, found.state, found.retries)
                for one, found in zip(running, seen, strict=True)
            }
        return signs | {f"{MAIL}{name}": () for name in (self._inbox.names() if self._inbox else [])}
