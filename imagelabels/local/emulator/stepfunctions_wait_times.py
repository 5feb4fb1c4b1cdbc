import time
from datetime import UTC, datetime

from ministack.services import stepfunctions


def apply() -> None:
    """Let a Wait state end at its time, cut to whole seconds.

    AWS: "Step Functions considers the time value up to seconds and truncates milliseconds". The emulator: it counts
    milliseconds, and SFN_WAIT_SCALE, which is for delays, also scales the time until a time.
    Source: docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
    """
    stepfunctions._sleep_until = sleep_until  # noqa: SLF001  # each Wait with a time calls it


def sleep_until(text: str) -> None:
    """Sleep until a time in ISO 8601, cut to whole seconds."""
    until = datetime.fromisoformat(text).replace(microsecond=0)
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
