"""Drawing Rekognition's boxes and names onto a copy of a photo."""

from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

# Told apart on light and dark, and by people who do not see red and green apart (Okabe and Ito's palette).
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
INK = "black"
JPEG_QUALITY = 90


class Box(NamedTuple):
    """Where one label was seen. The sides are shares of the picture's, from 0 to 1; `confidence` in percent."""

    name: str
    confidence: float
    left: float
    top: float
    width: float
    height: float


def boxes(answer: dict[str, Any]) -> list[Box]:
    """Return every box in DetectLabels' whole answer; labels without a place in the picture have none."""
    seen = ((label["Name"], one) for label in answer["Labels"] for one in label.get("Instances", []))
    return [_box(name, one) for name, one in seen if "BoundingBox" in one]


def _box(name: str, instance: dict[str, Any]) -> Box:
    sides = (instance["BoundingBox"][side] for side in ("Left", "Top", "Width", "Height"))
    return Box(name, instance.get("Confidence", 0.0), *sides)


def draw(photo: bytes, found: list[Box], target: Path) -> None:
    """Write the photo with the boxes on it to `target`, as JPEG or what its suffix says."""
    picture = _upright(photo).convert("RGB")
    brush = ImageDraw.Draw(picture)
    thickness = max(2, max(picture.size) // 300)
    font = ImageFont.load_default(max(12, max(picture.size) // 50))
    names = dict(zip(dict.fromkeys(one.name for one in found), cycle(COLOURS), strict=False))
    for one in found:
        corner = (one.left * picture.width, one.top * picture.height)
        opposite = (corner[0] + one.width * picture.width, corner[1] + one.height * picture.height)
        brush.rectangle((*corner, *opposite), outline=names[one.name], width=thickness)
        _name(brush, one, corner, names[one.name], font)
    picture.save(target, quality=JPEG_QUALITY)


def _name(brush: ImageDraw.ImageDraw, box: Box, corner: tuple[float, float], colour: str, font: Any) -> None:
    text = f" {box.name} {box.confidence:.0f} % "
    brush.rectangle(brush.textbbox(corner, text, font=font), fill=colour)
    brush.text(corner, text, fill=INK, font=font)


def _upright(photo: bytes) -> Image.Image:
    """Rekognition turns a JPEG upright by its EXIF orientation, a PNG never; its boxes are for what it saw."""
    picture = Image.open(BytesIO(photo))
    return ImageOps.exif_transpose(picture) if picture.format == "JPEG" else picture
