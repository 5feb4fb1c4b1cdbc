"""Reading JPEG 2000 with its colour profile and the order of its channels (ISO/IEC 15444-1, annex I)."""

import io
import re
import struct
from typing import BinaryIO

from PIL import Image as Pillow

from normalize_image.pillow_reader import read

COLOUR_BANDS = 3
# Box names of the header; the codestream comes after them.
CODESTREAM = b"jp2c"
PROFILE = re.compile(rb"(.{4})colr[\x02\x03]..", re.DOTALL)
CHANNELS = re.compile(rb"cdef(..)", re.DOTALL)
ENTRY_BYTES, COLOUR = 6, 0


def read_jpeg2000(file: BinaryIO, _did: list[str]) -> Pillow.Image:
    """Return the picture, decoded. Raises what decoders raise."""
    data = file.read()
    header = data[: data.find(CODESTREAM) + 1]
    image = read(io.BytesIO(data), "JPEG2000")
    image.load()
    if found := PROFILE.search(header):
        image.info["icc_profile"] = header[found.end() : found.start() + int.from_bytes(found[1])]
    order = _order(header)
    if image.mode in ("RGB", "RGBA") and sorted(order) == list(range(COLOUR_BANDS)) and order != sorted(order):
        bands = image.split()
        info = image.info
        image = Pillow.merge(image.mode, [*(bands[channel] for channel in order), *bands[COLOUR_BANDS:]])
        image.info = info
    return image


def _order(header: bytes) -> list[int]:
    """Return the channels that hold red, green and blue; none when the file does not say."""
    found = CHANNELS.search(header)
    if not found:
        return []
    count, at = int.from_bytes(found[1]), found.end()
    entries = [
        struct.unpack_from(">HHH", header, at + ENTRY_BYTES * index)
        for index in range(min(count, (len(header) - at) // ENTRY_BYTES))
    ]
    colours = {place: channel for channel, kind, place in entries if kind == COLOUR}
    return [colours[place] for place in (1, 2, 3) if place in colours]
