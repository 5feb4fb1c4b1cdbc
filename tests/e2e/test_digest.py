"""A phone that syncs many photos at once: every photo is reported exactly once, in few mails."""

import io
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from PIL import Image

from imagelabels.local.engine import running
from tests.e2e.stack import Stack, eventually

# The longest that SNS lets a mailbox bear without suspending it is ten a second.
MOST_A_SECOND, MOST_MAILS, MOST_BYTES = 10, 10, 256_000


def _thumbnail() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


THUMBNAIL = _thumbnail()


@pytest.fixture
def gathering(stack: Stack) -> Iterator[Stack]:
    """The stack as it is without the other tests' setting, which is restored afterwards: reports are gathered."""
    source = _source(stack)
    _gather(stack, source, batch=1000, seconds=60)
    yield stack
    _gather(stack, source, batch=source["BatchSize"], seconds=source["MaximumBatchingWindowInSeconds"])


def _source(stack: Stack) -> dict[str, Any]:
    every = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    queue = stack.outputs["ReportsQueueUrl"].rsplit("/", 1)[-1]
    (mapping,) = [mapping for mapping in every if mapping["EventSourceArn"].endswith(f":{queue}")]
    return dict(mapping)


def _gather(stack: Stack, source: dict[str, Any], batch: int, seconds: int) -> None:
    stack.client("lambda").update_event_source_mapping(
        UUID=source["UUID"], BatchSize=batch, MaximumBatchingWindowInSeconds=seconds
    )


def burst(stack: Stack, bodies: dict[str, bytes], seconds: float) -> list[EmailMessage]:
    """Upload all at once and return the mails about them, when each has been reported exactly once."""
    before, known = {mail["Message-ID"] for mail in stack.inbox()}, len(stack.executions())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: _put(stack, *pair), bodies.items()))
    eventually(lambda: _ended(stack, known + len(bodies)), seconds)
    stack.wait_for_mail(seconds)
    mails = [mail for mail in stack.inbox() if mail["Message-ID"] not in before]
    reported = sorted(
        key for mail in mails for key in re.findall(r"^(?:Photo: |  -) (burst/\w+\.png)", _text(mail), re.MULTILINE)
    )
    assert reported == sorted(bodies)
    return mails


def _put(stack: Stack, key: str, body: bytes) -> None:
    stack.client("s3").put_object(Bucket=stack.bucket, Key=key, Body=body)


def _ended(stack: Stack, count: int) -> bool | None:
    """Whether `count` executions have been started and none runs; asked once a second, to leave the time to them."""
    time.sleep(1)
    pages = stack.client("stepfunctions").get_paginator("list_executions")
    found = pages.paginate(stateMachineArn=stack.outputs["StateMachineArn"])
    statuses = [execution["status"] for page in found for execution in page["executions"]]
    return True if len(statuses) >= count and "RUNNING" not in statuses else None


def _text(mail: EmailMessage) -> str:
    return str(mail.get_content())


def assert_bearable(mails: list[EmailMessage]) -> None:
    assert len(mails) <= MOST_MAILS
    assert max(len(mail.as_bytes()) for mail in mails) < MOST_BYTES
    times = sorted(_time(mail) for mail in mails)
    seconds = [sum(0 <= (later - first).total_seconds() < 1 for later in times) for first in times]
    assert max(seconds) <= MOST_A_SECOND


def _time(mail: EmailMessage) -> datetime:
    return parsedate_to_datetime(mail["Date"])


# With the stack of the commands, whose tests take less time.
@pytest.mark.usefixtures("home")
def test_forty_photos_at_once_are_few_mails(gathering: Stack, astronaut: bytes) -> None:
    """Most are too small to label, which saves the machine the work; as the odd ones they come first."""
    photos = {f"burst/photo{number}.png": astronaut for number in range(4)}
    mails = burst(gathering, photos | {f"burst/small{number:02}.png": THUMBNAIL for number in range(36)}, seconds=120)
    assert_bearable(mails)
    first = _text(next(mail for mail in mails if "burst/photo0.png" in _text(mail)))
    assert "burst/small" not in first or first.index("burst/small") < first.index("burst/photo")


@pytest.mark.soak
def test_five_hundred_photos_at_once(tmp_path_factory: pytest.TempPathFactory, astronaut: bytes) -> None:
    bodies = {f"burst/{number:03}.png": astronaut for number in range(499)} | {"burst/broken.png": b"no photo"}
    home = tmp_path_factory.mktemp("burst")
    with running(0, home, recognizer="fixed:labels=3") as engine:
        mails = burst(Stack(engine.outputs), bodies, seconds=1800)
        print(
            f"{len(mails)} mails:",
            *(f"{mail['Subject']}, {len(mail.as_bytes()):,} bytes" for mail in mails),
            sep="\n  ",
        )  # the figures of `make soak`
        assert_bearable(mails)
