"""A library of 3,000 photos in a bucket that the stack did not make: none is lost, none is labelled twice."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imagelabels.backfill.progress import Progress, progress
from imagelabels.local.engine import running
from imagelabels.stack.bulk_reads import keys_of, labelled_at
from imagelabels.stack.executions import photo_in
from tests.e2e.command import COMMAND, answer
from tests.e2e.stack import Stack, eventually
from tests.pictures import picture

BUCKET, PREFIX, PHOTOS, FEW = "my-photos", "2024/", 3_000, 100
PER_SECOND, SECONDS = "10", 1_500
# What the command may need more for 3,000 photos than for 100, in KiB.
MORE_KIB = 4 * 1024


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with a bucket of somebody else, without versions and with photos under another prefix, too."""
    settings = {"imagesBucket": BUCKET, "imagesPrefix": PREFIX}
    with running(0, tmp_path_factory.mktemp("local"), recognizer="fixed", context=settings) as engine:
        stack = Stack(engine.outputs)
        s3, photo = stack.client("s3"), picture("PNG")
        s3.create_bucket(Bucket=BUCKET)
        keys = [f"{PREFIX}{number // FEW:02}/{number:04} é.png" for number in range(PHOTOS)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda key: s3.put_object(Bucket=BUCKET, Key=key, Body=photo), [*keys, "2023/other.png"]))
        yield stack


def peak_kib(home: Path, prefix: str) -> int:
    """Return the most memory that the command needs to count the photos under a prefix."""
    words = [str(COMMAND), "backfill", "--prefix", prefix, "--dry-run"]
    process = subprocess.Popen(words, env={**os.environ, "IMAGELABELS_HOME": str(home)}, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return int(usage.ru_maxrss)


@pytest.mark.soak
def test_each_photo_of_a_library_is_labelled_once(library: Stack) -> None:
    home = Path(library.outputs["mail"]).parent
    assert peak_kib(home, PREFIX) - peak_kib(home, f"{PREFIX}00/") < MORE_KIB
    run = answer(home, "backfill", "--rate", PER_SECOND)["run"]
    operator = library.as_operator

    def over() -> Progress | None:
        found = progress(operator, run)
        return found if found.status != "RUNNING" and not found.running else None

    found = eventually(over, SECONDS)
    assert (found.status, found.started, found.skipped, found.failures) == ("SUCCEEDED", PHOTOS, 0, {})
    keys = list(keys_of(operator, PREFIX))
    inputs = [photo_in(library.describe(arn)["input"]) for arn in library.executions()]
    assert Counter(photo["key"] for photo in inputs if photo) == Counter(keys)
    assert set(labelled_at(operator, keys)) == set(keys)
    assert len(keys) == PHOTOS
    assert answer(home, "backfill", "--dry-run")["labelled"] == PHOTOS
