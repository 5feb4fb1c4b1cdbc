"""Reading a BMP; one whose colours lie under bit masks that Pillow does not know is unpacked here."""

import io
import struct
from typing import Any, BinaryIO, cast

from PIL import Image as Pillow
from PIL import ImageMath

from imagelabels_shared.images.limits import check_pixels, check_sides
from normalize_image.pillow_reader import read

# BITMAPFILEHEADER and BITMAPINFOHEADER: where the pixels start; width, height; bits, compression; the three masks.
PIXELS, SIDES, KIND, MASKS = 10, 18, 28, 54
BITFIELDS, ALPHA_BITFIELDS = 3, 6
RAW_MODES = {16: ("I;16", "I;16"), 32: ("I", "I;32")}
BYTE = 255
TOP_DOWN, BOTTOM_UP = 1, -1
COMPLAINT = "Unsupported BMP bitfields"


def read_bmp(file: BinaryIO, _did: list[str]) -> Pillow.Image:
    """Return the picture. Raises ImageTooSmallError, ImageTooLargeError and what decoders raise."""
    data = file.read()
    try:
        return read(io.BytesIO(data), "BMP")
    except OSError as error:
        if COMPLAINT not in str(error):
            raise
    return _unpacked(data)


def _unpacked(data: bytes) -> Pillow.Image:
    (start,), (width, height) = struct.unpack_from("<I", data, PIXELS), struct.unpack_from("<ii", data, SIDES)
    bits, compression = struct.unpack_from("<HI", data, KIND)
    masks = struct.unpack_from("<III", data, MASKS)
    size = width, abs(height)
    check_sides(*size)
    check_pixels(*size)
    if bits not in RAW_MODES or compression not in (BITFIELDS, ALPHA_BITFIELDS) or not all(masks):
        raise OSError(COMPLAINT)
    mode, raw = RAW_MODES[bits]
    # Rows are filled up to four bytes.
    stride, order = (width * bits + 31) // 32 * 4, BOTTOM_UP if height > 0 else TOP_DOWN
    values = Pillow.frombuffer(mode, size, data[start:], "raw", raw, stride, order).convert("I")
    return Pillow.merge("RGB", [_band(values, mask) for mask in masks])


def _band(values: Pillow.Image, mask: int) -> Pillow.Image:
    """Return the bits of a mask as 8-bit values."""
    shift = (mask & -mask).bit_length() - 1
    most = mask >> shift

    def taken(names: dict[str, Any]) -> Any:
        return names["convert"](((names["values"] >> shift) & most) * BYTE / most, "L")

    return cast("Pillow.Image", ImageMath.lambda_eval(taken, values=values))
