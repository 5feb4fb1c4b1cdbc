"""A bounded memory of answers: what was used last stays, what is old or too much goes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Value = TypeVar("Value")
FOR_EVER = float("inf")


class Cache(Generic[Value]):
    """Keeps at most `most` values. Threads share it, and those that ask for the same at once share the look, too."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._kept: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._looks: dict[Hashable, Future[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, look: Callable[[], Value], keep: Callable[[Value], float]) -> Value:
        """Return the value of `key`: the kept one while it is younger than `keep` seconds, else what `look` answers."""
        with self._lock:
            at, value = self._kept.get(key, (0.0, None))
            if value is not None and at + keep(value) > self._clock():
                self._kept.move_to_end(key)
                return value
            under_way = self._looks.get(key)
            mine = self._looks.setdefault(key, Future())
        if under_way:
            return under_way.result()
        try:
            found = look()
        except BaseException as error:
            self._ended(key, mine)
            mine.set_exception(error)
            raise
        self._ended(key, mine, found)
        mine.set_result(found)
        return found

    def _ended(self, key: Hashable, look: "Future[Value]", *found: Value) -> None:
        with self._lock:
            if self._looks.get(key) is not look:
                # What was asked before it was forgotten may be old already.
                return
            del self._looks[key]
            for value in found:
                self._kept[key] = (self._clock(), value)
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """Look anew the next time, also when a look is just under way."""
        with self._lock:
            self._kept.pop(key, None)
            self._looks.pop(key, None)

    def __len__(self) -> int:
        return len(self._kept)
