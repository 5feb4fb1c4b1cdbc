"""Answers that a page does not wait for: it shows what is known, and looks that run behind it bring the rest."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

Value = TypeVar("Value")
# How long a page waits for a look: a person takes a page that is there in 300 ms for immediate.
PATIENCE_SECONDS = 0.08
# What is older is not shown.
STALE_SECONDS = 30
MOST_KEPT = 32
MOST_LOOKS = 2


class _Known(Generic[Value]):
    """What the looks of one key found. `at` is when the look began whose answer is `value`."""

    def __init__(self) -> None:
        self.look: Future[Value] | None = None
        self.at = float("-inf")
        self.value: Value | None = None


class AtOnce(Generic[Value]):
    """Keeps the newest answer of at most MOST_KEPT keys; at most MOST_LOOKS looks run, and one of each key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Known[Value]] = OrderedDict()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(MOST_LOOKS, "look")

    def get(self, key: Hashable, look: Callable[[], Value]) -> Value | None:
        """Return what a look finds now, or after PATIENCE_SECONDS what an earlier one found, None when it is too old.

        Raises what `look` raised, or the one before it.
        """
        known = self._known(key)
        with self._lock:
            before = under_way = known.look
            if under_way is None or under_way.done():
                known.look = under_way = self._threads.submit(self._looked, known, look)
        wait([under_way], PATIENCE_SECONDS)
        if under_way.done():
            return under_way.result()
        if before and before.done():
            # What it was told after the page had gone, if it was an error.
            before.result()
        return known.value if known.at + STALE_SECONDS > self._clock() else None

    def anew(self, key: Hashable, look: Callable[[], Value]) -> Value:
        """Look now, whatever is known."""
        return self._looked(self._known(key), look)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _known(self, key: Hashable) -> _Known[Value]:
        with self._lock:
            known = self._kept.setdefault(key, _Known())
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return known

    def _looked(self, known: _Known[Value], look: Callable[[], Value]) -> Value:
        began, found = self._clock(), look()
        with self._lock:
            if began >= known.at:
                known.at, known.value = began, found
        return found
