"""Reading the first picture of a JPEG file: other pictures behind it and broken metadata are left out."""

import hashlib
import io
from typing import BinaryIO

from PIL import Image as Pillow

from imagelabels_shared.images.complaints import not_the_photos_fault, unsupported
from imagelabels_shared.images.jpeg_markers import Frame, Picture, contents, essential, first_picture
from imagelabels_shared.images.jpeg_scans import check_passes, missing_end
from normalize_image.pillow_reader import read

# ITU T.81, table B.1; libjpeg decodes baseline, extended and progressive frames, arithmetic ones, and lossless ones.
DECODED = {0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA}
RARE = {0xC3: "lossless", 0xC9: "arithmetic", 0xCA: "arithmetic"}
PROGRESSIVE = {0xC2, 0xCA}
JPEG_LS = 0xF7
BITS = 8
COEFFICIENTS = 64
# Bytes that a decoder would take for the missing part, and the rows that are compared at once.
PADDINGS = (b"\0" * 4096, b"\x55" * 4096)
ROWS = 256
SEVERAL = b"MPF\0"


def read_jpeg(file: BinaryIO, did: list[str]) -> Pillow.Image:
    """Open the first picture. Raises CorruptImageError, UnsupportedFormatError and what `read` raises."""
    data = file.read()
    picture = first_picture(data)
    check_passes(picture)
    if picture.frame is not None:
        _check_coding(picture.frame)
    if any(contents(data, one).startswith(SEVERAL) for one in picture.segments):
        did.append("took the first of several pictures")
    if picture.scans and not picture.ended:
        data = _mended(data, picture)
        picture = first_picture(data)
        did.append("its end marker was missing")
    image = read(io.BytesIO(essential(data, picture)), "JPEG")
    if picture.frame and picture.frame.code in RARE:
        _load_rare(image, RARE[picture.frame.code])
    return image


def _load_rare(image: Pillow.Image, coding: str) -> None:
    """Decode a picture of a coding that Pillow's libjpeg may have been built without."""
    try:
        image.load()
    except OSError as error:
        if not_the_photos_fault(error):
            raise
        raise unsupported(f"a JPEG with {coding} coding") from error


def _check_coding(frame: Frame) -> None:
    if frame.code == JPEG_LS:
        raise unsupported("a JPEG-LS image")
    if frame.code not in DECODED:
        raise unsupported("a hierarchical or differential JPEG")
    if frame.bits != BITS:
        raise unsupported(f"a JPEG with {frame.bits} bits per colour")


def _mended(data: bytes, picture: Picture) -> bytes:
    """Return the data with an end marker. Raises CorruptImageError when more than the marker is missing.

    A decoder fills what is missing without an error. So the picture is decoded with two different paddings: it is
    complete when neither is seen in it.
    """
    body = data[: picture.stop].rstrip(b"\0")
    if body.endswith(b"\xff"):
        # FF 00 stands for FF in a scan; a lone FF is half of the end marker.
        body = body + b"\0" if data[len(body) : len(body) + 1] == b"\0" else body.rstrip(b"\xff")
    if len(body) < picture.scans[-1].stop or not _has_every_pass(data, picture):
        raise missing_end()
    seen = {_pixels(body + padding + b"\xff\xd9") for padding in PADDINGS}
    if len(seen) > 1:
        raise missing_end()
    return body + b"\xff\xd9"


def _pixels(data: bytes) -> bytes:
    """Return a hash of the decoded pixels."""
    image, seen = read(io.BytesIO(essential(data, first_picture(data))), "JPEG"), hashlib.sha256()
    image.load()
    for top in range(0, image.height, ROWS):
        seen.update(image.crop((0, top, image.width, min(top + ROWS, image.height))).tobytes())
    return seen.digest()


def _has_every_pass(data: bytes, picture: Picture) -> bool:
    """Return whether the scans hold each colour, and of a progressive picture each coefficient to its last bit."""
    if picture.frame is None:
        return False
    whole = range(COEFFICIENTS)
    seen: dict[int, set[int]] = {colour: set() for colour in picture.frame.colours}
    for scan in picture.scans:
        body = contents(data, scan)
        count = body[0] if body else 0
        colours, rest = body[1 : 1 + 2 * count : 2], body[1 + 2 * count : 4 + 2 * count]
        if picture.frame.code in PROGRESSIVE and len(rest) == len(("first", "last", "bits")):
            first, last, bits = rest
            found = range(first, last + 1) if bits & 0x0F == 0 else range(0)
        else:
            found = whole
        for colour in colours:
            seen.get(colour, set()).update(found)
    return all(found >= set(whole) for found in seen.values())
