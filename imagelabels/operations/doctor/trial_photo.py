"""The check that sends a test photo through the whole workflow, and then removes it from bucket and table."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from PIL import Image

from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import LABELLED, RUNNING, Execution
from imagelabels.stack.notifications import CATCH_UP, maybe_later
from imagelabels_shared.report.doctor import FOLDER
from imagelabels_shared.timestamps import timestamp

CHECK = "test photo"
SIDE_PX = 256
PAUSE_SECONDS = 0.5
# Others may upload at the same time; the test photo's execution is among this many of the newest.
NEWEST = 100


def photo_through(stack: Stack, deadline: float) -> list[CheckResult]:
    """Check that an uploaded photo is labelled within `deadline` seconds."""
    with _uploaded(stack) as key:
        begin = time.monotonic()
        seen = None
        while time.monotonic() < begin + deadline and (seen is None or seen.outcome == RUNNING):
            time.sleep(PAUSE_SECONDS)
            seen = _look(stack, key, seen)
        return [_result(seen, time.monotonic() - begin, None if seen else maybe_later(stack))]


def _look(stack: Stack, key: str, seen: Execution | None) -> Execution | None:
    if seen is not None:
        return executions.describe(stack, seen.arn)
    newest = (executions.describe(stack, arn) for arn in executions.arns(stack, NEWEST))
    return next((execution for execution in newest if execution.key == key), None)


def _result(seen: Execution | None, seconds: float, later: datetime | None) -> CheckResult:
    if seen is None:
        new = f". The stack is new, and S3 may need until {timestamp(later)}: try again. {CATCH_UP}" if later else ""
        return CheckResult(CHECK, f"No execution was started within {seconds:.0f} s of an upload{new}", well=False)
    if seen.outcome == LABELLED:
        return CheckResult(CHECK, f"A test photo was labelled within {seconds:.0f} s", well=True)
    ended = f"is still in {seen.state or 'no state'}" if seen.outcome == RUNNING else f"ended {seen.outcome}"
    return CheckResult(CHECK, f"The test photo {ended} after {seconds:.0f} s. {seen.reason} {seen.arn}", well=False)


@contextmanager
def _uploaded(stack: Stack) -> Iterator[str]:
    key = f"{stack.prefix}{FOLDER}/{secrets.token_hex(8)}.jpg"
    body = BytesIO()
    Image.radial_gradient("L").resize((SIDE_PX, SIDE_PX)).save(body, "JPEG")
    stack.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=body.getvalue())
    try:
        yield key
    finally:
        photos.remove(stack, key)
