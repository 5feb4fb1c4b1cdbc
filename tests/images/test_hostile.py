"""Damaged and hostile files end in a rejection: never in a crash, a hang or a label for half a photo."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageCms

from imagelabels.local.recognizer.picture import decode
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels_shared.errors import REJECTIONS, CorruptImageError, ImageTooSmallError
from normalize_image.sandbox import BOUNDS, convert_safely
from tests.corpus.bad import BAD, hidden_scans, many_scans
from tests.corpus.files import file, profile
from tests.corpus.headers import GREEDY
from tests.corpus.scene import scene
from tests.images.fuzz import originals
from tests.images.verdict import ends_of, judge
from validate_image.rules import examine
from validate_image.s3_bytes import HEAD_BYTES, TAIL_BYTES

ROOT = Path(__file__).parents[2]
KILOBYTE = 1024
MIB = 1024 * 1024
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


@pytest.mark.parametrize("name", GREEDY)
def test_a_header_cannot_fill_the_memory_of_validation(name: str) -> None:
    """Pillow reads headers in the function's own process: 80 MiB at most for 192 KiB, of 512 MB."""
    ends = ends_of(GREEDY[name]())
    assert ends.whole
    tracemalloc.start()
    with suppress(CorruptImageError):
        examine(ends)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 80 * MIB


def test_a_profile_is_not_opened_in_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = ends_of(file("JPEG", icc_profile=profile("sRGB")))
    monkeypatch.setattr(ImageCms, "ImageCmsProfile", lambda _file: pytest.fail("a profile was opened"))
    assert examine(ends).reasons == []


def _cut(data: bytes) -> bytes:
    return data[:-9]


def _unsigned(data: bytes) -> bytes:
    return data.replace(b"acsp", b"none", 1)


def _short(data: bytes) -> bytes:
    return data[:100]


@pytest.mark.parametrize("damage", [_cut, _unsigned, _short])
def test_a_profile_that_cannot_be_one_is_left_to_the_sandbox(damage: Callable[[bytes], bytes]) -> None:
    data = file("JPEG", icc_profile=damage(profile("sRGB")))
    assert examine(ends_of(data)).reasons == ["its colour profile is broken"]


def test_a_profile_for_other_colours_is_left_to_the_sandbox() -> None:
    data = file("JPEG", scene().convert("L"), icc_profile=profile("sRGB"))
    assert examine(ends_of(data)).reasons == ["its colour profile is broken"]


@pytest.mark.parametrize(("before", "behind"), [(HEAD_BYTES, 0), (0, TAIL_BYTES)], ids=["at the end", "at the start"])
def test_many_scans_at_either_end_are_left_to_the_sandbox(before: int, behind: int, tmp_path: Path) -> None:
    data = many_scans(before=before, behind=behind)
    assert not ends_of(data).whole
    assert examine(ends_of(data)).reasons == ["it is stored in many passes"]
    with pytest.raises(CorruptImageError, match="more passes than any camera makes"):
        judge(data, tmp_path)


def test_the_local_recognizer_is_not_kept_busy() -> None:
    """It has one process for all photos, and so counts scans and pixels before it decodes."""
    with pytest.raises(RefusedError) as raised:
        decode(hidden_scans())
    assert raised.value.name == "InvalidImageFormatException"


@pytest.mark.parametrize("name", ["huge.jpg", "huge.png"])
def test_the_local_recognizer_decodes_no_bomb(name: str) -> None:
    with pytest.raises(RefusedError) as raised:
        decode(BAD[name].make())
    assert raised.value.name == "ImageTooLargeException"


def test_the_sandbox_tells_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "original").write_bytes(file("WEBP"))
    converted = convert_safely(tmp_path / "original", tmp_path / "copy.jpg", "WebP")
    assert converted == {"original": [480, 360], "copy": [480, 360], "did": ["converted from WebP to JPEG"]}
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
