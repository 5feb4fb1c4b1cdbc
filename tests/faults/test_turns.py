"""Many photos at once take turns: each is looked at once, at the account's rate."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagelabels.local.engine import Engine, running
from tests.faults.harness import ONE_MAIL_PER_PHOTO, Harness
from tests.faults.test_burst import all_labelled

MOST_MAILS_SECONDS = 600


def _running(home: Path, rate: int) -> Iterator[Engine]:
    context = ONE_MAIL_PER_PHOTO | {"rekognitionPerSecond": str(rate)}
    with running(0, home, recognizer=f"fixed:rate={rate}", context=context) as engine:
        yield engine


@pytest.fixture
def at_five(tmp_path: Path) -> Iterator[Harness]:
    for engine in _running(tmp_path, 5):
        yield Harness(engine)


@pytest.fixture
def at_eight(tmp_path: Path) -> Iterator[Harness]:
    for engine in _running(tmp_path, 8):
        yield Harness(engine)


@pytest.mark.soak
def test_150_photos_at_five_a_second(at_five: Harness) -> None:
    """30 seconds are ideal; without turns it took 49 and 4.15 calls each."""
    seconds, calls = _took(at_five, 150)
    assert seconds <= 42
    assert calls <= 1.2


@pytest.mark.soak
def test_2000_photos_at_eight_a_second(at_eight: Harness) -> None:
    """250 seconds are ideal; the local engine labels about eleven a second."""
    seconds, calls = _took(at_eight, 2000)
    assert seconds <= 1.15 * 2000 / 8
    assert calls <= 1.1


def _took(harness: Harness, photos: int) -> tuple[float, float]:
    """Return the seconds from the start of all executions to the end of the last, and the calls for each photo."""
    with harness.mail_in_batches():
        counts = all_labelled(harness, photos, MOST_MAILS_SECONDS)
    listed = list(harness.listed())
    seconds = (max(one["stopDate"] for one in listed) - min(one["startDate"] for one in listed)).total_seconds()
    calls = sum(counts) / photos
    print(f"{photos} photos: {seconds:.1f} s, {calls:.3f} calls each, at {time.strftime('%H:%M:%S')}")
    return seconds, calls
