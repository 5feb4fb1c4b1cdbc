"""Waiting for a throttle or a fault of AWS to pass: nothing else invokes this function again before the next day."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from imagelabels_shared.errors import ServiceUnavailableError, ThrottledError

Answer = TypeVar("Answer")
# The most of each; together 31 seconds, of the function's timeout in infra/subscriptions.py.
PAUSES_SECONDS = (1, 2, 4, 8, 16)


def patiently(call: Callable[[], Answer]) -> Answer:
    """Return the call's answer. Raises what it raises, ThrottledError and ServiceUnavailableError after six attempts.

    botocore's own retries do not know `Throttled` and `KMSThrottling`, as SNS says.
    """
    for pause in PAUSES_SECONDS:
        try:
            return call()
        except (ThrottledError, ServiceUnavailableError):
            time.sleep(random.uniform(0, pause))  # noqa: S311  # no secret
    return call()
