"""Drawing the boxes of labels on a photo; the sandbox runs it for mails and for `imagelabels show`."""

import io
from itertools import cycle
from typing import Any, BinaryIO

from PIL import (
    Image,
    ImageDraw,
    ImageFont,
    TiffImagePlugin,  # noqa: F401  # Pillow imports these on demand, and the sandbox cannot open files then
    WebPImagePlugin,  # noqa: F401
)

from imagelabels_shared.images.boxes import LabelledBox
from imagelabels_shared.images.decoding import decoding, orientation, turned_upright
from imagelabels_shared.images.essentials import essential
from imagelabels_shared.images.jpeg_scans import check_scans
from imagelabels_shared.text import one_line

# Okabe and Ito's palette: distinct on light and dark, and for people with red-green colour blindness.
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
INK = "black"
LEAST_LINE_PX, LEAST_TEXT_PX, MARGIN_PX = 3, 15, 3
NAMES_CHARACTERS = 60
QUALITY = 85
# Rekognition takes no other formats.
FORMATS = ("JPEG", "PNG")
Image.preinit()


def work(arguments: dict[str, Any], photo: BinaryIO, result: BinaryIO) -> None:
    """Write the photo, upright and with its boxes, to `result`.

    `arguments` are `boxes` (each as LabelledBox), `format` (Pillow's name) and `longest_side` (pixels; 0: full size).
    """
    found = [LabelledBox(*box) for box in arguments["boxes"]]
    with decoding():
        picture = _small(photo, arguments["longest_side"]) if arguments["longest_side"] else _whole(photo)
        draw(picture, found)
        picture.save(result, arguments["format"], quality=QUALITY, optimize=True)


def _whole(photo: BinaryIO) -> Image.Image:
    return upright(_opened(photo)).convert("RGB")


def _small(photo: BinaryIO, longest_side: int) -> Image.Image:
    opened = _opened(photo)
    # Pillow then decodes a JPEG at about this size, which takes less time and memory.
    opened.draft("RGB", (2 * longest_side, 2 * longest_side))
    small = upright(opened)
    small.thumbnail((longest_side, longest_side))
    return small.convert("RGB")


def _opened(photo: BinaryIO) -> Image.Image:
    data = photo.read()
    if data.startswith(b"\xff\xd8"):
        check_scans(data)
    return Image.open(io.BytesIO(essential(data)), formats=FORMATS)


def upright(picture: Image.Image) -> Image.Image:
    """Return the picture that Rekognition's boxes refer to: a JPEG turned upright by its EXIF data, a PNG as stored."""
    return picture if picture.format == "PNG" else turned_upright(picture, orientation(picture))


def draw(picture: Image.Image, found: list[LabelledBox]) -> None:
    """Draw the boxes with their names onto an RGB picture; lines and text are larger on a larger picture."""
    pen, longest = ImageDraw.Draw(picture), max(picture.size)
    line, font = max(LEAST_LINE_PX, longest // 300), ImageFont.load_default(max(LEAST_TEXT_PX, longest // 50))
    colours = dict(zip(dict.fromkeys(box.names[0] for box in found), cycle(COLOURS), strict=False))
    for box in found:
        colour, (left, top, width, height) = colours[box.names[0]], box.sides
        corner = (left * picture.width, top * picture.height)
        opposite = (corner[0] + width * picture.width, corner[1] + height * picture.height)
        pen.rectangle((*corner, *opposite), outline=colour, width=line)
        _name(pen, box, corner, colour, font)


def _name(pen: ImageDraw.ImageDraw, box: LabelledBox, corner: tuple[float, float], colour: str, font: Any) -> None:
    anchor = (max(corner[0], 0) + MARGIN_PX, max(corner[1], 0) + MARGIN_PX)
    text = f"{one_line(', '.join(box.names), NAMES_CHARACTERS)} {box.confidence:.0f} %"
    left, top, right, bottom = pen.textbbox(anchor, text, font=font)
    pen.rectangle((left - MARGIN_PX, top - MARGIN_PX, right + MARGIN_PX, bottom + MARGIN_PX), colour)
    pen.text(anchor, text, INK, font=font)
