"""Many photos at once take turns: each is looked at once, at the account's rate."""

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagelabels.local.engine import Engine, running
from tests.faults.harness import ONE_MAIL_PER_PHOTO, Harness, wait_until
from tests.faults.matrix import photo
from tests.faults.test_burst import all_labelled

MOST_MAILS_SECONDS = 600
# So many that a thousand still wait when the last of them has been validated.
LIBRARY = 1_200
WAITING = "WaitForTurn"


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


@pytest.fixture
def at_two(tmp_path: Path) -> Iterator[Harness]:
    for engine in _running(tmp_path, 2):
        yield Harness(engine)


@pytest.mark.soak
def test_a_photo_that_somebody_uploads_passes_a_thousand_that_wait(at_two: Harness) -> None:
    usual = _usual_seconds(at_two, "alone")
    keys = [f"library/{number:04}.png" for number in range(LIBRARY)]
    with at_two.without_events():
        for key in keys:
            at_two.upload(key, photo())
    begun = [at_two.start(json.dumps({"bucket": at_two.bucket, "key": key, "lane": "backfill"})) for key in keys]
    wait_until(lambda: WAITING in str(at_two.history(begun[-1])), MOST_MAILS_SECONDS, "the last one to wait")
    waiting = at_two.running()
    seconds = _usual_seconds(at_two, "live")
    print(f"a photo took {usual:.1f} s alone, {seconds:.1f} s while {waiting} of a library waited")
    assert waiting >= 1000
    assert seconds <= usual + 2


def _usual_seconds(harness: Harness, name: str) -> float:
    """Return the seconds from upload to table, the median of three photos after a first one."""
    first, *others = [_seconds_of_an_upload(harness, f"{name} {number}.png") for number in range(4)]
    print(f"{name}: {first:.1f} s, then {', '.join(f'{one:.1f} s' for one in others)}")
    return statistics.median(others)


def _seconds_of_an_upload(harness: Harness, key: str) -> float:
    begin = time.monotonic()
    harness.upload(key, photo())
    wait_until(
        lambda: harness.items(key).get("IMAGE", {}).get("outcome") == {"S": "LABELLED"}, 60, f"{key} to be labelled"
    )
    return time.monotonic() - begin


def _took(harness: Harness, photos: int) -> tuple[float, float]:
    """Return the seconds from the start of all executions to the end of the last, and the calls for each photo."""
    with harness.mail_in_batches():
        counts = all_labelled(harness, photos, MOST_MAILS_SECONDS)
    listed = list(harness.listed())
    seconds = (max(one["stopDate"] for one in listed) - min(one["startDate"] for one in listed)).total_seconds()
    calls = sum(counts) / photos
    print(f"{photos} photos: {seconds:.1f} s, {calls:.3f} calls each, at {time.strftime('%H:%M:%S')}")
    return seconds, calls
