"""A bounded memory of answers: what was used last stays, what is old or too much goes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")
FOR_EVER = float("inf")


class Cache(Generic[Value]):
    """Keeps at most `most` values. Threads share it; two that ask for the same at once may both look it up."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._kept: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._forgotten = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, look: Callable[[], Value], keep: Callable[[Value], float]) -> Value:
        """Return the value of `key`: the kept one while it is younger than `keep` seconds, else what `look` answers."""
        with self._lock:
            at, value = self._kept.get(key, (0.0, None))
            if value is not None and at + keep(value) > self._clock():
                self._kept.move_to_end(key)
                return value
            forgotten = self._forgotten
        found = look()
        with self._lock:
            if forgotten != self._forgotten:
                # What was asked before something moved may be old already.
                return found
            self._kept[key] = (self._clock(), found)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found

    def forget(self, key: Hashable) -> None:
        """Look anew the next time, also when a look is just under way."""
        with self._lock:
            self._forgotten += 1
            self._kept.pop(key, None)

    def __len__(self) -> int:
        return len(self._kept)
