"""Drawing Rekognition's boxes and names onto a copy of a photo."""

from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

from imagelabels.errors import DeskError

# Told apart on light and dark, and by people who do not see red and green apart (Okabe and Ito's palette).
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
INK = "black"
JPEG_QUALITY = 90


Sides = tuple[float, float, float, float]


class Box(NamedTuple):
    """What was seen in one place: its names, the surest first. `confidence` in percent.

    `sides` are left, top, width and height as shares of the picture's, from 0 to 1.
    """

    names: list[str]
    confidence: float
    sides: Sides


def boxes(answer: dict[str, Any]) -> list[Box]:
    """Return every box in DetectLabels' whole answer; a label without a place in the picture has none."""
    found: dict[Sides, Box] = {}
    for label in answer["Labels"]:
        for one in label.get("Instances", []):
            sides = _sides(one["BoundingBox"])
            # A face is a person, too: the same box comes once for each label.
            found.setdefault(sides, Box([], one["Confidence"], sides)).names.append(label["Name"])
    return list(found.values())


def _sides(box: dict[str, float]) -> Sides:
    return box["Left"], box["Top"], box["Width"], box["Height"]


def draw(photo: bytes, found: list[Box], target: Path) -> None:
    """Write the photo with the boxes on it to `target`, in the format of its suffix; raises DeskError if it cannot."""
    picture = _upright(photo).convert("RGB")
    brush = ImageDraw.Draw(picture)
    longest = max(picture.size)
    font = ImageFont.load_default(max(12, longest // 50))
    colours = dict(zip(dict.fromkeys(box.names[0] for box in found), cycle(COLOURS), strict=False))
    for box in found:
        colour, (left, top, width, height) = colours[box.names[0]], box.sides
        corner = (left * picture.width, top * picture.height)
        opposite = (corner[0] + width * picture.width, corner[1] + height * picture.height)
        brush.rectangle((*corner, *opposite), outline=colour, width=max(2, longest // 300))
        _name(brush, box, corner, colour, font)
    try:
        picture.save(target, quality=JPEG_QUALITY)
    except (OSError, ValueError) as error:
        raise DeskError(f"The picture cannot be written to {target}: {error}.") from error


def _name(brush: ImageDraw.ImageDraw, box: Box, corner: tuple[float, float], colour: str, font: Any) -> None:
    text = f" {', '.join(box.names)} {box.confidence:.0f} % "
    brush.rectangle(brush.textbbox(corner, text, font=font), fill=colour)
    brush.text(corner, text, fill=INK, font=font)


def _upright(photo: bytes) -> Image.Image:
    """Rekognition turns a JPEG upright by its EXIF orientation, a PNG never; its boxes are for what it saw."""
    picture = Image.open(BytesIO(photo))
    return ImageOps.exif_transpose(picture) if picture.format == "JPEG" else picture
