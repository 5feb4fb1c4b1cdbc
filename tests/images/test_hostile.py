"""Damaged and hostile files end in a rejection: never in a crash, a hang or a label for half a photo."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from normalize_image.sandbox import BOUNDS, convert_safely
from shared.errors import CorruptImageError, ImageTooSmallError
from shared.errors import REJECTIONS
from tests.corpus.bad import BAD
from tests.corpus.files import file
from tests.corpus.scene import scene
from tests.images.fuzz import originals
from tests.images.verdict import judge

ROOT = Path(__file__).parents[2]
KILOBYTE = 1024
SLOWEST_SECONDS = 10


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP", "TIFF", "JPEG2000"])
def test_a_photo_cut_off_at_any_kilobyte_is_refused(name: str, tmp_path: Path) -> None:
    data = file(name, scene(240, 180))
    for end in range(KILOBYTE, len(data) - 16, KILOBYTE):
        with pytest.raises(CorruptImageError):
            judge(data[:end], tmp_path)


def test_a_progressive_jpeg_cut_off_at_any_kilobyte_is_refused(tmp_path: Path) -> None:
    """A decoder shows such a photo whole, only blurred."""
    data = file("JPEG", progressive=True)
    for end in range(KILOBYTE, len(data), KILOBYTE):
        with pytest.raises(CorruptImageError):
            judge(data[:end], tmp_path)


def test_what_is_mutated_is_accepted_unmutated(tmp_path: Path) -> None:
    for data in originals().values():
        judge(data, tmp_path)


def test_mutated_photos_are_labelled_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    _fuzz(0, 400, capsys)


@pytest.mark.soak
def test_twenty_thousand_mutated_photos_are_labelled_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    _fuzz(0, 20_000, capsys)


def _fuzz(first: int, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "tests.images.fuzz", str(first), str(count)]
    paths = os.pathsep.join(["functions", "."])
    done = subprocess.run(  # noqa: S603  # our own program
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\n{count} mutated photos: {seen}")
    assert set(seen["found"]) <= {"straight", "converted", *(error.__name__ for error in REJECTIONS)}
    assert sum(seen["found"].values()) == count
    assert min(seen["found"][kind] for kind in ("converted", "CorruptImageError")) > count // 20
    assert seen["slowest_seconds"][0] < SLOWEST_SECONDS
    assert seen["peak_bytes"] < BOUNDS.memory_bytes


def test_the_sandbox_tells_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(file("WEBP"))
    converted = convert_safely(tmp_path / "original", tmp_path / "copy.jpg", "WebP")
    assert converted._asdict() == {"original": [480, 360], "copy": [480, 360], "did": ["converted from WebP to JPEG"]}
    assert (tmp_path / "copy.jpg").read_bytes().startswith(b"\xff\xd8\xff")


def test_a_rejection_leaves_the_sandbox_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(BAD["small.webp"].make())
    with pytest.raises(ImageTooSmallError, match="60 × 60 pixels"):
        convert_safely(tmp_path / "original", tmp_path / "copy.jpg", "WebP")


def test_a_conversion_that_cannot_start_is_our_fault(tmp_path: Path) -> None:
    """No format of ours is called this: a failure for the operator, and not a rejection."""
    (tmp_path / "original").write_bytes(file("HEIF"))
    with pytest.raises(RuntimeError, match="KeyError"):
        convert_safely(tmp_path / "original", tmp_path / "copy.jpg", "HEIV")
