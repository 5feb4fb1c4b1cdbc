"""Every kind of file through the rules: what is converted, what the copy is like, and what is refused as what."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from imagelabels.local.recognizer.detectors import find
from imagelabels.local.recognizer.picture import decode
from imagelabels_shared import errors
from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.images.limits import MAX_BYTES, MAX_SIDE_PX, MIN_SIDE_PX
from tests.corpus.bad import BAD
from tests.corpus.files import PNG_START, chunk, transparent
from tests.corpus.good import CONVERTED, GOOD, LARGE, STRAIGHT
from tests.corpus.scene import Box, scene
from tests.images.verdict import ends_of, judge
from validate_image.rules import examine

TOLERANCE = 0.05
# Each takes seconds: for `make soak`.
SLOW = {"over 15 MB.jpg", "over 15 MB.png", "two colours.bmp", "two colours.png", "fax.tif"}
LARGE_KINDS = [
    pytest.param(name, marks=[pytest.mark.soak] if name in SLOW else []) for name in LARGE if LARGE[name].converted
]


def faces(data: bytes) -> list[Box]:
    return [Box(*finding.box) for finding in find(decode(data)) if finding.name == "Face" and finding.box]


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_plain_jpeg_or_png_goes_straight_on(name: str, tmp_path: Path) -> None:
    picture, converted = judge(STRAIGHT[name](), tmp_path)
    assert (picture.reasons, converted) == ([], None)


@pytest.mark.parametrize("name", [name for name in LARGE if not LARGE[name].converted])
def test_a_plain_photo_of_which_only_the_ends_are_read_goes_straight_on(name: str, tmp_path: Path) -> None:
    data = LARGE[name].make()
    assert not ends_of(data).whole
    picture, _converted = judge(data, tmp_path)
    assert (picture.sides, picture.reasons) == ((1440, 1080), [])


def test_validation_decodes_no_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even to look for a note behind them: a bomb would burst here."""
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _image: pytest.fail("pixels were decoded"))
    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    data = PNG_START + chunk(b"IHDR", header) + chunk(b"IDAT", b"no pixels") + chunk(b"IEND", b"")
    assert examine(ends_of(data)).reasons == []


@pytest.mark.parametrize("name", LARGE_KINDS)
def test_large_photos_become_as_large_a_jpeg_as_rekognition_takes(name: str, tmp_path: Path) -> None:
    _picture, converted = judge(LARGE[name].make(), tmp_path)
    assert converted is not None
    assert converted["copy"] in {converted["original"], (MAX_SIDE_PX, 500)}
    check_copy(tmp_path / "copy.jpg")
    assert faces((tmp_path / "copy.jpg").read_bytes())[0] == pytest.approx(GOOD[name].face, abs=TOLERANCE)


# Of 255: JPEG, grey and the other file formats change a pixel by less, on average.
SAME_COLOURS = 3.0
# The scene ends at 227 of 255: stretched to the whole range, its shades move by a ninth.
STRETCHED = 16.5
# Colours of four bits have sixteen shades.
FOUR_BITS = 5.0
# A stretch keeps the order of the shades and their proportions.
IN_PROPORTION = 0.97


@pytest.mark.parametrize("name", CONVERTED)
def test_other_photos_become_an_upright_jpeg_with_all_their_pixels_and_colours(name: str, tmp_path: Path) -> None:
    """Transparent parts are white; a photo in grey is as light as the scene."""
    _picture, converted = judge(CONVERTED[name](), tmp_path)
    assert converted is not None
    assert converted["copy"] == scene().size
    check_copy(tmp_path / "copy.jpg")
    check_colours(tmp_path / "copy.jpg", name, converted["did"])


def check_colours(path: Path, name: str, did: list[str]) -> None:
    fades = name.startswith("transparent") and "palette" not in name and not name.endswith(".gif")
    white = Image.new("RGBA", scene().size, "white")
    expected = Image.alpha_composite(white, transparent()).convert("RGB") if fades else scene()
    with Image.open(path) as copy:
        seen = np.asarray(copy.convert("RGB"), dtype=int)
    if not np.ptp(seen, axis=2).any():
        expected = expected.convert("L").convert("RGB")
    wanted = np.asarray(expected, dtype=int)
    if any("stretched" in done for done in did):
        most = STRETCHED
    else:
        most = FOUR_BITS if name == "masks of 16 bits.bmp" else SAME_COLOURS
    assert np.abs(seen - wanted).mean() < most
    assert np.corrcoef(seen.ravel(), wanted.ravel())[0, 1] > IN_PROPORTION


def check_copy(path: Path) -> None:
    """Rekognition takes it, and it is not turned again."""
    assert path.stat().st_size <= MAX_BYTES
    with Image.open(path) as copy:
        assert (copy.format, copy.mode in {"RGB", "L"}) == ("JPEG", True)
        assert MIN_SIDE_PX <= min(copy.size) <= max(copy.size) <= MAX_SIDE_PX
        assert not copy.getexif()


@pytest.mark.parametrize("name", [name for name in BAD if name != "empty.jpg"])
def test_a_bad_file_is_refused_as_what_it_is(name: str, tmp_path: Path) -> None:
    with pytest.raises(getattr(errors, BAD[name].error)) as raised:
        judge(BAD[name].make(), tmp_path)
    sentence = str(raised.value)
    assert sentence.endswith((".", "BMP."))
    assert not {"<", "Error", "/tmp"} & set(sentence.split())  # noqa: S108  # what must not be shown


def test_the_corpus_has_forty_kinds_of_each() -> None:
    assert min(len(GOOD), len(BAD)) >= 40


def test_the_profile_of_a_photo_is_applied(tmp_path: Path) -> None:
    """The test profile swaps red and green, so a viewer shows green what is stored as red."""
    judge(CONVERTED["wide profile.tif"](), tmp_path)
    with Image.open(tmp_path / "copy.jpg") as copy:
        seen, stored = np.asarray(copy, dtype=int)[100:150, 80:120], np.asarray(scene(), dtype=int)[100:150, 80:120]
    redness_stored, redness_seen = (stored[..., 0] - stored[..., 1]).mean(), (seen[..., 0] - seen[..., 1]).mean()
    assert redness_stored > 20
    assert redness_seen < 0


@pytest.mark.soak
def test_grain_that_no_quality_brings_under_15_mb_is_scaled(tmp_path: Path) -> None:
    """Only grain is like this: it keeps as many pixels as fit, and the note says so."""
    grain = Image.effect_noise((9000, 6000), 200).convert("RGB")
    grain.save(tmp_path / "grain.jpg", quality=97)
    _picture, converted = judge((tmp_path / "grain.jpg").read_bytes(), tmp_path)
    assert converted is not None
    assert converted["did"][-1].endswith("to have at most 15 MiB")
    assert 0.8 * MAX_BYTES < (tmp_path / "copy.jpg").stat().st_size <= MAX_BYTES


def test_only_names_that_the_workflow_knows_are_rejections() -> None:
    assert all(getattr(errors, error.__name__) is error for error in REJECTIONS)
