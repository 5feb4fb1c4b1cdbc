"""What the bytes are, and whether Rekognition can look at them."""

from typing import BinaryIO, NamedTuple

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from shared.errors import (
    CorruptImageError,
    ImageTooLargeError,
    ImageTooSmallError,
    UnsupportedFormatError,
)
from shared.limits import MAX_BYTES, MAX_SIDE_PX, MIN_SIDE_PX

# A multi-picture file (MPO) is a JPEG with more pictures behind the first one.
FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG"}
MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
ADVICE = "Export the photo as JPEG or PNG and upload that."


class Picture(NamedTuple):
    """A photo's format as Rekognition names it, and its sides in pixels as stored."""

    format: str
    width: int
    height: int


def identify(file: BinaryIO) -> Picture:
    """Read the header of an image.

    Raises UnsupportedFormatError when it is no JPEG or PNG, CorruptImageError when its header is broken.
    """
    start = file.read(8)
    file.seek(0)
    # Only the header is read here and no pixel is decoded, so Pillow's guard against bombs has nothing to guard.
    Pillow.MAX_IMAGE_PIXELS = None
    try:
        with Pillow.open(file) as image:
            name, (width, height) = image.format or "unknown", image.size
    except UnidentifiedImageError as error:
        if start.startswith(MAGIC):
            raise CorruptImageError(
                "The file starts like a photo but its header is damaged. Upload an intact copy."
            ) from error
        raise UnsupportedFormatError(f"The file is not an image that can be read. {ADVICE}") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise CorruptImageError(f"The photo's header cannot be read ({error}). Upload an intact copy.") from error
    if name not in FORMATS:
        raise UnsupportedFormatError(f"The file is a {name} image, which cannot be labelled. {ADVICE}")
    return Picture(FORMATS[name], width, height)


def check_limits(picture: Picture, size: int) -> None:
    """Raise ImageTooSmallError or ImageTooLargeError when a photo is outside Rekognition's limits."""
    shape = f"{picture.width} × {picture.height} pixels"
    if min(picture.width, picture.height) < MIN_SIDE_PX:
        raise ImageTooSmallError(
            f"The photo is {shape}; each side must be at least {MIN_SIDE_PX} pixels. Upload a larger version."
        )
    if max(picture.width, picture.height) > MAX_SIDE_PX:
        raise ImageTooLargeError(
            f"The photo is {shape}; no side may be over {MAX_SIDE_PX:,} pixels. Upload a smaller version."
        )
    if size > MAX_BYTES:
        raise ImageTooLargeError(
            f"The photo has {size / 1024 / 1024:.1f} MB; at most 15 MB can be labelled. Upload a smaller version."
        )
