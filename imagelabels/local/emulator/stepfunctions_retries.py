import random
from typing import Any

from ministack.services import stepfunctions


def apply() -> None:
    """Let a Retry wait as its JitterStrategy and MaxDelaySeconds say.

    AWS: the delay grows up to MaxDelaySeconds; with JitterStrategy FULL it is random between 0 and that.
    The emulator: it ignores both fields, so executions that failed together are retried together.
    Source: docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    find = stepfunctions._find_matching_retrier  # noqa: SLF001  # it is called once before each delay

    def find_with_delay(retriers: list[dict[str, Any]], error: str, counts: dict[int, int]) -> tuple[Any, Any]:
        retrier, number = find(retriers, error, counts)
        if retrier is None:
            return retrier, number
        return {**retrier, "IntervalSeconds": _delay(retrier, counts.get(number, 0)), "BackoffRate": 1.0}, number

    stepfunctions._find_matching_retrier = find_with_delay  # noqa: SLF001


def _delay(retrier: dict[str, Any], retries: int) -> float:
    """Return the delay in seconds after this many retries."""
    backoff = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** retries
    delay: float = min(backoff, retrier.get("MaxDelaySeconds", backoff))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay  # noqa: S311  # not a secret
