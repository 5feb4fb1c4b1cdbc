"""A token bucket: how calls over a rate are found, as AWS throttles them."""

import time
from collections.abc import Callable


class TokenBucket:
    """Allows `rate` calls a second. It begins full and holds the tokens of one second, at least one token."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._capacity = max(rate, 1.0)
        self._tokens, self._filled_at = self._capacity, clock()

    def take(self) -> bool:
        """Take one token for a call; False if there is none, and the call is over the rate."""
        now = self._clock()
        self._tokens = min(self._capacity, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
