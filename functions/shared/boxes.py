"""The boxes of DetectLabels' answer, and a picture with them drawn on it."""

from itertools import cycle
from typing import Any, NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

from shared.text import one_line

# Told apart on light and dark, and by people who do not see red and green apart (Okabe and Ito's palette).
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
INK = "black"
LEAST_LINE_PX, LEAST_TEXT_PX, MARGIN_PX = 3, 15, 3
NAMES_CHARACTERS = 60
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


def upright(picture: Image.Image) -> Image.Image:
    """Rekognition turns a JPEG upright by its EXIF orientation, a PNG never; its boxes are for what it saw."""
    return picture if picture.format == "PNG" else ImageOps.exif_transpose(picture)


def draw(picture: Image.Image, found: list[Box]) -> None:
    """Draw the boxes with their names onto an RGB picture; lines and letters grow with it."""
    pen, longest = ImageDraw.Draw(picture), max(picture.size)
    line, font = max(LEAST_LINE_PX, longest // 300), ImageFont.load_default(max(LEAST_TEXT_PX, longest // 50))
    colours = dict(zip(dict.fromkeys(box.names[0] for box in found), cycle(COLOURS), strict=False))
    for box in found:
        colour, (left, top, width, height) = colours[box.names[0]], box.sides
        corner = (left * picture.width, top * picture.height)
        opposite = (corner[0] + width * picture.width, corner[1] + height * picture.height)
        pen.rectangle((*corner, *opposite), outline=colour, width=line)
        _name(pen, box, corner, colour, font)


def _name(pen: ImageDraw.ImageDraw, box: Box, corner: tuple[float, float], colour: str, font: Any) -> None:
    place = (max(corner[0], 0) + MARGIN_PX, max(corner[1], 0) + MARGIN_PX)
    text = f"{one_line(', '.join(box.names), NAMES_CHARACTERS)} {box.confidence:.0f} %"
    left, top, right, bottom = pen.textbbox(place, text, font=font)
    pen.rectangle((left - MARGIN_PX, top - MARGIN_PX, right + MARGIN_PX, bottom + MARGIN_PX), colour)
    pen.text(place, text, INK, font=font)
