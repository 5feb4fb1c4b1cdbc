"""The rules by which Rekognition can take a photo as it is, or it must be converted first."""

import io
from typing import NamedTuple

from PIL import Image as Pillow

from imagelabels_shared.errors import CorruptImageError
from imagelabels_shared.images import jpeg_markers, png_chunks
from imagelabels_shared.images.decoding import UPRIGHT, decoding, orientation
from imagelabels_shared.images.limits import MAX_BYTES, check_bytes, check_sides, longest_side
from validate_image.colour_profile import plausible
from validate_image.content import JPEG, PNG, recognize
from validate_image.s3_bytes import Ends

PNG_END = b"\0\0\0\0IEND\xaeB\x60\x82"
# The offset of the bit depth of a PNG (its IHDR chunk is always the first).
PNG_DEPTH = 24
PLAIN_DEPTH = 8
PLAIN_MODES = {JPEG: {"L", "RGB"}, PNG: {"L", "RGB", "P"}}
# Baseline, extended and progressive frames: ITU T.81, table B.1.
PLAIN_FRAMES = {0xC0, 0xC1, 0xC2}
JPEG_START, JPEG_END, MULTI_PICTURE = b"\xff\xd8\xff", b"\xff\xd9", b"MPF\0"


class Picture(NamedTuple):
    """A photo's format, its sides in pixels as stored (None: not known yet), and why it must be converted."""

    format: str
    sides: tuple[int, int] | None
    reasons: list[str]


def examine(ends: Ends, *, custom_labels: bool = False) -> Picture:
    """Return what the file is, by its first and last bytes.

    `custom_labels` says whether DetectCustomLabels must take the photo, too.
    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    name = recognize(ends.head)
    check_bytes(ends.size)
    if name not in PLAIN_MODES:
        return Picture(name, None, [f"{name} is not JPEG or PNG"])
    try:
        picture = _jpeg(ends) if name == JPEG else _png(ends)
    except CorruptImageError:
        if ends.whole:
            raise
        # The header may be longer than the part that was read; NormalizeImage decodes the whole file.
        return Picture(name, None, ["its header is unusually long, or damaged"])
    return picture._replace(reasons=[*picture.reasons, *_too_long(picture.sides, custom_labels=custom_labels)])


def _jpeg(ends: Ends) -> Picture:
    picture = jpeg_markers.first_picture(ends.head)
    frame = picture.frame
    if frame and (frame.code not in PLAIN_FRAMES or frame.bits != PLAIN_DEPTH):
        return Picture(JPEG, None, ["its coding is unusual"])
    if not picture.scans and not ends.whole:
        return Picture(JPEG, None, ["its header is unusually long, or damaged"])
    with decoding(), Pillow.open(io.BytesIO(jpeg_markers.essential(ends.head, picture)), formats=[JPEG]) as image:
        check_sides(*image.size)
        checks = _common(JPEG, image, ends.size, image.info.get("icc_profile")) | {
            "its metadata are damaged": jpeg_markers.has_cut_notes(ends.head, picture),
            "it holds several pictures": any(
                jpeg_markers.contents(ends.head, one).startswith(MULTI_PICTURE) for one in picture.segments
            ),
            # Scans in the tail may belong to another picture; NormalizeImage decodes the whole file.
            "it is stored in many passes": _passes(picture, ends) > jpeg_markers.MAX_SCANS,
            "it does not end like a JPEG": not _ends_like_a_jpeg(picture, ends),
        }
        return Picture(JPEG, image.size, [reason for reason, holds in checks.items() if holds])


def _passes(picture: jpeg_markers.Picture, ends: Ends) -> int:
    return max(len(picture.scans), 0 if picture.ended else jpeg_markers.count_scans(ends.tail))


def _ends_like_a_jpeg(picture: jpeg_markers.Picture, ends: Ends) -> bool:
    """Return whether nothing but zeros follows the first picture, as far as the bytes that were read tell."""
    if picture.ended:
        return not (ends.head[picture.stop :] + ends.tail[len(ends.tail) - (ends.size - len(ends.head)) :]).strip(b"\0")
    # A thumbnail in the header ends like a JPEG, too, so only the bytes after the header count.
    scan = picture.scans[0].stop if picture.scans else 0
    behind = ends.tail[max(0, scan - (ends.size - len(ends.tail))) :]
    return not ends.whole and behind.rstrip(b"\0").endswith(JPEG_END) and JPEG_START not in behind


def _png(ends: Ends) -> Picture:
    with decoding(), Pillow.open(io.BytesIO(png_chunks.essential(ends.head)), formats=[PNG]) as image:
        check_sides(*image.size)
        checks = _common(PNG, image, ends.size, png_chunks.profile(ends.head)) | {
            "it has transparent parts": "transparency" in image.info,
            "it has 16 bits per colour": ends.head[PNG_DEPTH] > PLAIN_DEPTH,
            # Rekognition turns a JPEG upright, but not a PNG; a PNG's EXIF data may come after its pixels.
            "it may be stored turned": orientation(image) != UPRIGHT or b"eXIf" in ends.tail,
            "it is animated": bool(getattr(image, "is_animated", False)),
            "it does not end like a PNG": not ends.tail.endswith(PNG_END),
        }
        return Picture(PNG, image.size, [reason for reason, holds in checks.items() if holds])


def _common(name: str, image: Pillow.Image, size: int, profile: bytes | None) -> dict[str, bool]:
    return {
        "it has over 15 MiB": size > MAX_BYTES,
        f"its colours are {image.mode}": image.mode not in PLAIN_MODES[name],
        "its colour profile is broken": profile is not None and not plausible(profile, image.mode),
    }


def _too_long(sides: tuple[int, int] | None, *, custom_labels: bool) -> list[str]:
    if sides is None:
        return []
    most = longest_side(*sides, custom_labels=custom_labels)
    return [f"a side is over {most:,} pixels"] if max(sides) > most else []
