"""Thumbnails that no page waits for: they are drawn behind it, a few at once, and then it is told."""

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

# A page asks for many, and the functions of a local stack need the processor, too. A browser opens six connections to
# a place: requests that wait for their picture would keep the next page waiting for one.
AT_ONCE = 2
PATIENCE_SECONDS = 1
# What is not drawn yet of more is asked for again when it is shown again.
MOST_WANTED = 200
# Some 20 KB each.
MOST_KEPT = 600
NICENESS = 10


class Thumbnails:
    """`draw` returns a picture by the name of an execution, bytes of no length when there is none (yet)."""

    def __init__(self, draw: Callable[[str], bytes]) -> None:
        self._draw = draw
        self._wanted: dict[str, Future[bytes]] = {}
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._news: list[str] = []
        self._lock = threading.Lock()
        self._waiting = threading.BoundedSemaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, "thumbnail", _step_back)

    def __contains__(self, name: str) -> bool:
        return name in self._drawn

    def get(self, name: str) -> bytes | None:
        """Return a thumbnail, None while it is being drawn; few requests at once wait for theirs. Raises as `draw`."""
        with self._lock:
            if name in self._drawn:
                self._drawn.move_to_end(name)
                return self._drawn[name]
            if name not in self._wanted and len(self._wanted) < MOST_WANTED:
                self._wanted[name] = self._threads.submit(self._work, name)
            wanted = self._wanted.get(name)
        if wanted is None:
            return None
        if self._waiting.acquire(blocking=False):
            try:
                wait([wanted], PATIENCE_SECONDS)
            finally:
                self._waiting.release()
        return wanted.result() if wanted.done() else None

    def news(self) -> list[str]:
        """Return the names whose thumbnails were drawn since the last call."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _work(self, name: str) -> bytes:
        found = b""
        try:
            found = self._draw(name)
        finally:
            with self._lock:
                del self._wanted[name]
                if found:
                    self._drawn[name] = found
                    self._news = [*self._news, name][-MOST_WANTED:]
                while len(self._drawn) > MOST_KEPT:
                    self._drawn.popitem(last=False)
        return found


def _step_back() -> None:
    """Let the thread, and the processes that it starts, have the processor when nobody else needs it."""
    # Elsewhere this would be all of the process.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
