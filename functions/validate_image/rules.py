"""Whether Rekognition can look at the photo as it is, and if not, why it is converted first."""

import io
from typing import NamedTuple

from PIL import Image as Pillow

from imagelabels_shared.errors import CorruptImageError
from imagelabels_shared.images import jpeg
from imagelabels_shared.images.decoding import UPRIGHT, decoding, orientation
from imagelabels_shared.images.limits import MAX_BYTES, MAX_SIDE_PX, check_bytes, check_sides
from validate_image.colour_profile import plausible
from validate_image.content import JPEG, PNG, recognize
from validate_image.s3_bytes import Ends

PNG_END = b"\0\0\0\0IEND\xaeB\x60\x82"
# Where a PNG says how many bits a colour has (its IHDR chunk is always the first).
PNG_DEPTH = 24
PLAIN_DEPTH = 8
PLAIN_MODES = {JPEG: {"L", "RGB"}, PNG: {"L", "RGB", "P"}}


class Picture(NamedTuple):
    """A photo's format, its sides in pixels as stored (None: not known yet), and why it must be converted."""

    format: str
    sides: tuple[int, int] | None
    reasons: list[str]


def examine(ends: Ends) -> Picture:
    """Say what the file is, from its ends alone.

    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    name = recognize(ends.head)
    check_bytes(ends.size)
    if name not in PLAIN_MODES:
        return Picture(name, None, [f"{name} is not JPEG or PNG"])
    try:
        return _opened(name, ends)
    except CorruptImageError:
        if ends.whole:
            raise
        # The header may only be longer than what was read: decoding the whole file will tell.
        return Picture(name, None, ["its header is unusually long, or damaged"])


def _opened(name: str, ends: Ends) -> Picture:
    file = io.BytesIO(ends.head)
    with decoding(), Pillow.open(file, formats=[name]) as image:
        scan = file.tell()
        check_sides(*image.size)
        checks = _common(name, image, ends.size) | (_jpeg(image, ends, scan) if name == JPEG else _png(image, ends))
        return Picture(name, image.size, [reason for reason, holds in checks.items() if holds])


def _common(name: str, image: Pillow.Image, size: int) -> dict[str, bool]:
    return {
        "it has over 15 MB": size > MAX_BYTES,
        f"a side is over {MAX_SIDE_PX:,} pixels": max(image.size) > MAX_SIDE_PX,
        f"its colours are {image.mode}": image.mode not in PLAIN_MODES[name],
        "its colour profile is broken": not _profile_fits(image),
    }


def _jpeg(image: Pillow.Image, ends: Ends, scan: int) -> dict[str, bool]:
    # A thumbnail in the header ends like a JPEG too, so only what follows the header counts.
    picture = ends.tail[max(0, scan - (ends.size - len(ends.tail))) :]
    return {
        "it holds several pictures": image.format == "MPO",
        # The tail's may be another picture's: decoding the whole file will tell.
        "it is stored in many passes": max(len(jpeg.scans(ends.head)), len(jpeg.scans(ends.tail))) > jpeg.MAX_SCANS,
        "it does not end like a JPEG": not picture.rstrip(b"\0").endswith(jpeg.END),
    }


def _png(image: Pillow.Image, ends: Ends) -> dict[str, bool]:
    return {
        "it has transparent parts": "transparency" in image.info,
        "it has 16 bits per colour": ends.head[PNG_DEPTH] > PLAIN_DEPTH,
        # Rekognition turns a JPEG upright, but not a PNG; the note may stand behind the pixels.
        "it may be stored turned": orientation(image) != UPRIGHT or b"eXIf" in ends.tail,
        "it is animated": bool(getattr(image, "is_animated", False)),
        "it does not end like a PNG": not ends.tail.endswith(PNG_END),
    }


def _profile_fits(image: Pillow.Image) -> bool:
    profile = image.info.get("icc_profile")
    return not profile or plausible(profile, image.mode)
