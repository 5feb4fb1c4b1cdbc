"""The rules by which Rekognition can take a photo as it is, or it must be converted first."""

import io
from typing import NamedTuple

from PIL import Image as Pillow

from imagelabels_shared.errors import CorruptImageError
from imagelabels_shared.images import jpeg_scans
from imagelabels_shared.images.decoding import UPRIGHT, decoding, orientation
from imagelabels_shared.images.limits import MAX_BYTES, MAX_SIDE_PX, check_bytes, check_sides
from validate_image.colour_profile import plausible
from validate_image.content import JPEG, PNG, recognize
from validate_image.s3_bytes import Ends

PNG_END = b"\0\0\0\0IEND\xaeB\x60\x82"
# The offset of the bit depth of a PNG (its IHDR chunk is always the first).
PNG_DEPTH = 24
PLAIN_DEPTH = 8
PLAIN_MODES = {JPEG: {"L", "RGB"}, PNG: {"L", "RGB", "P"}}


class Picture(NamedTuple):
    """A photo's format, its sides in pixels as stored (None: not known yet), and why it must be converted."""

    format: str
    sides: tuple[int, int] | None
    reasons: list[str]


def examine(ends: Ends) -> Picture:
    """Return what the file is, by its first and last bytes.

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
        # The header may be longer than the part that was read; NormalizeImage decodes the whole file.
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
    # A thumbnail in the header ends like a JPEG, too, so only the bytes after the header count.
    picture = ends.tail[max(0, scan - (ends.size - len(ends.tail))) :]
    return {
        "it holds several pictures": image.format == "MPO",
        # Scans in the tail may belong to another picture; NormalizeImage decodes the whole file.
        "it is stored in many passes": max(len(jpeg_scans.scans(ends.head)), len(jpeg_scans.scans(ends.tail)))
        > jpeg_scans.MAX_SCANS,
        "it does not end like a JPEG": not picture.rstrip(b"\0").endswith(jpeg_scans.END),
    }


def _png(image: Pillow.Image, ends: Ends) -> dict[str, bool]:
    return {
        "it has transparent parts": "transparency" in image.info,
        "it has 16 bits per colour": ends.head[PNG_DEPTH] > PLAIN_DEPTH,
        # Rekognition turns a JPEG upright, but not a PNG; a PNG's EXIF data may come after its pixels.
        "it may be stored turned": orientation(image) != UPRIGHT or b"eXIf" in ends.tail,
        "it is animated": bool(getattr(image, "is_animated", False)),
        "it does not end like a PNG": not ends.tail.endswith(PNG_END),
    }


def _profile_fits(image: Pillow.Image) -> bool:
    profile = image.info.get("icc_profile")
    return not profile or plausible(profile, image.mode)
