"""Reading HEIF and AVIF by the boxes of ISO/IEC 14496-12 and 23008-12: their variants, and what decoders leave out."""

import io
import re
import struct
from contextlib import suppress
from typing import BinaryIO

from PIL import Image as Pillow

from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.images.complaints import not_the_photos_fault, unsupported
from imagelabels_shared.images.limits import check_pixels
from normalize_image.deep import UnreadableError, read_deep
from normalize_image.hdr import TRANSFERS, to_sdr
from normalize_image.pillow_reader import note_several, read

# A decoder looks at the major brand only; the compatible brands have told what the file is.
MAJOR = {"HEIF": b"heic", "AVIF": b"avif"}
# The kind of an item: its box has the version (2 or 3), flags, a number of 2 or 4 bytes, and 2 bytes of protection.
ITEM = re.compile(rb"infe(?:\x02.{5}|\x03.{7})..(....)", re.DOTALL)
CODINGS = {
    b"avc1": "AVC (H.264)",
    b"vvc1": "VVC (H.266)",
    b"evc1": "EVC",
    b"unci": "uncompressed pixels",
    b"mski": "a mask",
    b"j2k1": "JPEG 2000",
    b"jpeg": "JPEG",
    b"lhv1": "layered HEVC",
}
READ = {b"hvc1", b"av01"}
SIZE = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
COLOURS = re.compile(rb"colrnclx(..)(..)", re.DOTALL)
CROP = re.compile(rb"\0\0\0\x28clap(.{32})", re.DOTALL)


def read_heif(file: BinaryIO, name: str, did: list[str]) -> Pillow.Image:
    """Return the primary picture, decoded.

    Raises UnsupportedFormatError, ImageTooLargeError and what decoders raise.
    """
    data = file.read()
    for width, height in SIZE.findall(data):
        check_pixels(int.from_bytes(width), int.from_bytes(height))
    name = _coding(data, name)
    if variant := _variant(data, name):
        raise unsupported(variant)
    try:
        image = read(io.BytesIO(data[:8] + MAJOR[name] + data[12:]), name)
        note_several(image, did)
        image.load()
    except REJECTIONS:
        raise
    except Exception as error:
        if name != "AVIF" or not_the_photos_fault(error):
            raise
        # libheif, inside libvips, turns and crops the picture, and takes files of encoders that libavif finds too old.
        with suppress(UnreadableError):
            return read_deep(data, "heif", did)
        raise
    if name == "AVIF" and (box := CROP.search(data)):
        image = _cropped(image, box[1], did)
    if (colours := COLOURS.search(data)) and int.from_bytes(colours[2]) in TRANSFERS:
        info = image.info
        image = to_sdr(image, int.from_bytes(colours[1]), int.from_bytes(colours[2]))
        # The profile of such a photo describes colours before this.
        image.info = {key: value for key, value in info.items() if key != "icc_profile"}
        did.append("brought the brightness of HDR to that of ordinary screens")
    return image


def _coding(data: bytes, name: str) -> str:
    """Return the format by what the pictures are coded with; the brands may leave this open."""
    kinds = READ & set(ITEM.findall(data))
    return {b"hvc1": "HEIF", b"av01": "AVIF"}[min(kinds)] if len(kinds) == 1 else name


def _variant(data: bytes, name: str) -> str | None:
    """Return the name of a variant that no decoder here reads."""
    if name == "HEIF" and b"meta" not in data[: data.find(b"mdat")] and b"moov" in data:
        return "an image sequence in HEIF"
    kinds = {kind for kind in ITEM.findall(data) if kind in CODINGS or kind in READ}
    if kinds and not kinds & READ:
        return f"a {name} photo with {CODINGS[min(kinds)]} inside"
    return None


def _cropped(image: Pillow.Image, box: bytes, did: list[str]) -> Pillow.Image:
    """Return the clean aperture (ISO/IEC 14496-12, 12.1.4.2), which Pillow's AVIF decoder leaves out."""
    width, height, right, down = (
        number / (unit or 1) for number, unit in (struct.unpack_from(">iI", box, at) for at in (0, 8, 16, 24))
    )
    left, top = (image.width - width) / 2 + right, (image.height - height) / 2 + down
    area = round(left), round(top), round(left + width), round(top + height)
    inside = 0 <= area[0] < area[2] <= image.width and 0 <= area[1] < area[3] <= image.height
    if not inside or area == (0, 0, *image.size):
        return image
    did.append("cropped as the file says")
    cropped = image.crop(area)
    cropped.info = image.info
    return cropped
