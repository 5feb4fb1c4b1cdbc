"""A photo with the boxes of its labels drawn on it: what the sandbox runs for mails and for `imagelabels show`."""

from itertools import cycle
from typing import Any, BinaryIO

from PIL import (
    Image,
    ImageDraw,
    ImageFont,
    ImageOps,
    MpoImagePlugin,  # noqa: F401  # Pillow would import these when needed, and in the sandbox nothing can be opened then
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from imagelabels_shared.images.boxes import Box
from imagelabels_shared.images.decoding import check_scans, decoding
from imagelabels_shared.text import one_line

# Told apart on light and dark, and by people who do not see red and green apart (Okabe and Ito's palette).
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
INK = "black"
LEAST_LINE_PX, LEAST_TEXT_PX, MARGIN_PX = 3, 15, 3
NAMES_CHARACTERS = 60
QUALITY = 85
# Rekognition looks at nothing else.
FORMATS = ("JPEG", "PNG")
Image.preinit()


def work(arguments: dict[str, Any], photo: BinaryIO, result: BinaryIO) -> None:
    """Write an upright picture in the format `format`; with `longest_side` (pixels), one that is at most so large."""
    found = [Box(*box) for box in arguments["boxes"]]
    with decoding():
        picture = _small(photo, arguments["longest_side"]) if arguments["longest_side"] else _whole(photo)
        draw(picture, found)
        picture.save(result, arguments["format"], quality=QUALITY, optimize=True)


def _whole(photo: BinaryIO) -> Image.Image:
    return upright(_opened(photo)).convert("RGB")


def _small(photo: BinaryIO, longest_side: int) -> Image.Image:
    opened = _opened(photo)
    # A JPEG is decoded at about the size that is wanted, which takes a fraction of the time and memory.
    opened.draft("RGB", (2 * longest_side, 2 * longest_side))
    small = upright(opened)
    small.thumbnail((longest_side, longest_side))
    return small.convert("RGB")


def _opened(photo: BinaryIO) -> Image.Image:
    opened = Image.open(photo, formats=FORMATS)
    if opened.format != "PNG":
        photo.seek(0)
        check_scans(photo.read())
        photo.seek(0)
    return opened


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
