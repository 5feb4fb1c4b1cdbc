"""Reading the first page of a TIFF: by Pillow, or by libvips if it has over 8 bits or Pillow does not know it."""

import io
from collections.abc import Callable
from typing import Any, BinaryIO

from PIL import Image as Pillow
from PIL import TiffImagePlugin

from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.images.complaints import not_the_photos_fault, unsupported
from imagelabels_shared.images.decoding import TURNS, UPRIGHT, orientation, turned_upright
from normalize_image.deep import read_deep
from normalize_image.pillow_reader import note_several, read
from normalize_image.raw_preview import read_preview

Tags = dict[int, Any]
TiffReader = Callable[[bytes, list[str]], Pillow.Image]
# TIFF 6.0 and DNG 1.7, tags.
SUBFILE_TYPE, BITS, COMPRESSION, PHOTOMETRIC, SUBFILES, SAMPLE_FORMAT = 254, 258, 259, 262, 330, 339
DNG_VERSION, REDUCED = 50706, 1
PALETTE, CMYK, CFA, LINEAR_RAW = 3, 5, 32803, 34892
FLOAT, COMPLEX = 3, (5, 6)
BYTE_BITS, DOUBLE_BITS = 8, 64
# What neither decoder has been built with, by the value of Compression.
COMPRESSIONS = {
    6: "old-style JPEG",
    7: "JPEG",
    32809: "ThunderScan",
    34661: "JBIG",
    34677: "SGILog",
    34712: "JPEG 2000",
    34887: "LERC",
    34925: "LZMA",
    34926: "Zstandard",
    34934: "JPEG XR",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
}
WORKING = {1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000, 50001}


def read_tiff(file: BinaryIO, did: list[str]) -> Pillow.Image:
    """Return the first page, decoded and upright; of a RAW file its preview.

    Raises UnsupportedFormatError, ImageTooSmallError, ImageTooLargeError and what decoders raise.
    """
    data = file.read()
    tags = _tags(data)
    if _is_raw(tags):
        return read_preview(data, did)
    photometric = tags.get(PHOTOMETRIC)
    readers: list[TiffReader] = [_by_pillow, _by_vips]
    if max(_numbers(tags, BITS)) > BYTE_BITS and photometric != CMYK:
        readers.reverse()
    if variant := _unreadable(tags):
        raise unsupported(variant)
    try:
        return _tried(readers, data, did)
    except REJECTIONS:
        raise
    except Exception as error:
        compression = tags.get(COMPRESSION, 1)
        if compression in WORKING or not_the_photos_fault(error):
            raise
        name = COMPRESSIONS.get(compression, f"kind {compression}")
        raise unsupported(f"a TIFF photo compressed as {name}") from error


def _tried(readers: list[TiffReader], data: bytes, did: list[str]) -> Pillow.Image:
    """Return what the first reader makes of the file, or else the second; raises what the second raises."""
    first, second = readers
    before = len(did)
    try:
        return first(data, did)
    except REJECTIONS:
        raise
    except Exception as error:
        if not_the_photos_fault(error):
            raise
        del did[before:]
        try:
            return second(data, did)
        except Exception as other:
            # libvips reads more kinds than Pillow, so its words decide; the log has both.
            if second is _by_vips:
                raise other from error
            raise error from other


def _by_pillow(data: bytes, did: list[str]) -> Pillow.Image:
    image = read(io.BytesIO(data), "TIFF")
    how = orientation(image)
    note_several(image, did)
    # Pillow turns a TIFF upright when it decodes it.
    image.load()
    if how in TURNS:
        did.append("turned upright")
    return image


def _by_vips(data: bytes, did: list[str]) -> Pillow.Image:
    image = read_deep(data, "tiff", did)
    how = image.info.pop("orientation", UPRIGHT)
    if how in TURNS:
        did.append("turned upright")
    return turned_upright(image, how)


def _tags(data: bytes) -> Tags:
    """Return the tags of the first page; none when they cannot be read."""
    big = data[:4] in (b"II+\0", b"MM\0+")
    try:
        tags = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if big else 8])
        file = io.BytesIO(data)
        file.seek(tags.next)
        tags.load(file)
        return {tag: tags[tag] for tag in tags}
    except Exception:  # noqa: BLE001  # the decoders say what is wrong
        return {}


def _numbers(tags: Tags, tag: int) -> tuple[int, ...]:
    value = tags.get(tag, 1)
    return value if isinstance(value, tuple) and value else (value,)


def _is_raw(tags: Tags) -> bool:
    reduced = tags.get(SUBFILE_TYPE) == REDUCED and SUBFILES in tags
    return DNG_VERSION in tags or tags.get(PHOTOMETRIC) in (CFA, LINEAR_RAW) or reduced


def _unreadable(tags: Tags) -> str | None:
    """Return the name of a variant that no decoder here reads, or reads wrongly."""
    bits, formats = _numbers(tags, BITS), _numbers(tags, SAMPLE_FORMAT)
    if tags.get(PHOTOMETRIC) == PALETTE and max(bits) > BYTE_BITS:
        return f"a TIFF photo with a palette of {max(bits)} bits"
    if set(formats) & set(COMPLEX):
        return "a TIFF photo of complex numbers"
    if max(bits) >= DOUBLE_BITS:
        return f"a TIFF photo with {max(bits)} bits per colour"
    if max(bits) > BYTE_BITS and any(one % BYTE_BITS for one in bits) and bits != (12,):
        return f"a TIFF photo with {max(bits)} bits per colour"
    if len(set(bits)) > 1:
        return "a TIFF photo whose colours have different numbers of bits"
    return None
