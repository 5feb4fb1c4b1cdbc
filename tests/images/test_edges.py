"""Small numbers of pictures that no photo of the corpus reaches: qualities, scaling, profiles, the width of a line."""

import io
from typing import Any

import pytest
from PIL import Image

from imagelabels_shared.images.boxes import LabelledBox
from imagelabels_shared.images.drawing import draw
from normalize_image import encoding
from validate_image.colour_profile import plausible


def test_a_lower_quality_is_tried_before_fewer_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grain that fits at no quality is scaled on both sides, and tried from the best quality again."""
    qualities: list[int] = []
    plain = Image.Image.save

    def save(image: Image.Image, file: Any, kind: str, quality: int) -> None:
        qualities.append(quality)
        plain(image, file, kind, quality=quality)

    monkeypatch.setattr(Image.Image, "save", save)
    monkeypatch.setattr(encoding, "MAX_BYTES", 20_000)
    file, did = io.BytesIO(), list[str]()
    sides = encoding.write(Image.effect_noise((400, 200), 200).convert("RGB"), file, did)
    assert qualities[:4] == [92, 85, 75, 92]
    assert len(file.getvalue()) <= 20_000
    assert sides[0] == pytest.approx(2 * sides[1], abs=2)
    assert 100 < sides[0] < 400
    assert did[-1] == f"scaled to {sides[0]} × {sides[1]} pixels to have at most 15 MiB"


def _profile(space: bytes, size: int = 200, signature: bytes = b"acsp") -> bytes:
    return size.to_bytes(4) + bytes(12) + space + bytes(16) + signature + bytes(160)


@pytest.mark.parametrize(
    ("space", "modes"),
    [
        (b"CMYK", {"CMYK"}),
        (b"GRAY", {"1", "I", "I;16", "L", "LA"}),
        (b"RGB ", {"P", "RGB", "RGBA"}),
        (b"Lab ", set()),
    ],
)
def test_a_profile_is_for_its_own_kinds_of_colours(space: bytes, modes: set[str]) -> None:
    every = ("1", "CMYK", "F", "I", "I;16", "L", "LA", "LAB", "P", "RGB", "RGBA", "YCbCr")
    assert {mode for mode in every if plausible(_profile(space), mode)} == modes


@pytest.mark.parametrize(("size", "fits"), [(128, False), (129, True), (200, True), (201, False)])
def test_a_profile_is_as_long_as_it_says_and_longer_than_its_header(size: int, fits: bool) -> None:  # noqa: FBT001  # a parameter of a test
    assert plausible(_profile(b"RGB ", size), "RGB") is fits


@pytest.mark.parametrize(("longest", "width"), [(600, 3), (3_000, 10)])
def test_a_line_is_thicker_on_a_larger_picture(longest: int, width: int) -> None:
    picture = Image.new("RGB", (longest, longest // 2), "white")
    draw(picture, [LabelledBox(["Dog"], 99.0, (0.25, 0.25, 0.5, 0.5))])
    across = [picture.getpixel((longest // 2, row)) for row in range(longest // 2)]
    lines = [pixel for pixel in across if pixel == (0xE6, 0x9F, 0x00)]
    assert len(lines) == 2 * width
