"""The boxes of Rekognition's answer, drawn on a copy of the photo."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from imagelabels.detection.drawing import FORMATS, draw
from imagelabels.errors import UserError
from imagelabels_shared.images.boxes import boxes
from tests.corpus.bad import hidden_scans
from tests.corpus.good import GOOD


def _answer(*names: str) -> dict[str, Any]:
    box = {"Left": 0.25, "Top": 0.5, "Width": 0.5, "Height": 0.25}
    return {"Labels": [{"Name": name, "Instances": [{"BoundingBox": box, "Confidence": 99.0}]} for name in names]}


def test_labels_of_one_place_share_a_box_and_labels_without_a_place_have_none() -> None:
    answer = _answer("Face", "Person")
    answer["Labels"].append({"Name": "Outdoors", "Instances": []})
    (box,) = boxes(answer)
    assert box.names == ["Face", "Person"]


def _grey(kind: str, orientation: int) -> bytes:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (400, 200), "grey").save(buffer, kind, exif=exif)
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (200, 400)), ("PNG", (400, 200))])
def test_boxes_are_drawn_on_the_picture_as_rekognition_saw_it(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    """A JPEG is turned upright by its EXIF orientation, a PNG never."""
    draw(_grey(kind, 6), boxes(_answer("Face")), tmp_path / "boxes.png")
    drawn = Image.open(tmp_path / "boxes.png")
    assert drawn.size == size
    assert drawn.getpixel((size[0] // 4, size[1] * 5 // 8)) == (0xE6, 0x9F, 0x00)
    assert drawn.getpixel((size[0] // 2, size[1] // 4)) != (0xE6, 0x9F, 0x00)


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".png", ".webp"])
@pytest.mark.parametrize("kind", ["several pictures.mpo", "palette.png", "turned 6.jpg", "grey.png"])
def test_boxes_are_drawn_in_each_format_on_each_kind_of_photo(tmp_path: Path, suffix: str, kind: str) -> None:
    """In the sandbox, where Pillow can import nothing that it did not have before."""
    target = tmp_path / f"boxes{suffix}"
    draw(GOOD[kind].make(), boxes(_answer("Face")), target)
    with Image.open(target) as drawn:
        assert drawn.format == FORMATS[suffix.lower()]


@pytest.mark.parametrize("name", ["boxes.unknown", "no/such/folder/boxes.png"])
def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        draw(_grey("PNG", 1), [], tmp_path / name)


def test_a_photo_that_cannot_be_decoded_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"The boxes cannot be drawn\. The photo is stored in more passes"):
        draw(hidden_scans(), [], tmp_path / "boxes.png")
    assert not (tmp_path / "boxes.png").exists()
