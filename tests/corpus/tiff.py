"""A TIFF of any kind of pixels, written field by field (TIFF 6.0): libraries write only some of them."""

import struct
from typing import Any, Literal

import numpy as np

Order = Literal["<", ">"]
Array = np.ndarray[Any, Any]
SHORT, LONG = 3, 4
GREY, INVERTED, RGB, PALETTE, LAB = 1, 0, 2, 3, 8
FORMATS = {"u": 1, "i": 2, "f": 3, "c": 6}


def tiff(
    pixels: Array, kind: int, *, order: Order = "<", big: bool = False, more: dict[int, int] | None = None
) -> bytes:
    """Return an uncompressed TIFF of `pixels` (rows, columns, perhaps colours); `more` are further tags."""
    height, width, *rest = pixels.shape
    samples = rest[0] if rest else 1
    data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    return written(
        data,
        {256: width, 257: height, 258: [pixels.dtype.itemsize * 8] * samples, 259: 1, 262: kind, 277: samples}
        | {339: [FORMATS[pixels.dtype.kind]] * samples}
        | (more or {}),
        order=order,
        big=big,
    )


def packed(values: Array, bits: int) -> bytes:
    """Return a little-endian TIFF of grey pixels of `bits` bits, each row filled up to whole bytes."""
    height, width = values.shape
    shifts = np.arange(bits - 1, -1, -1)
    rows = np.packbits(((values[..., None] >> shifts) & 1).reshape(height, -1).astype(np.uint8), axis=1)
    tags: dict[int, int | list[int]] = {256: width, 257: height, 258: bits, 259: 1, 262: GREY, 277: 1}
    return written(rows.tobytes(), tags)


def written(data: bytes, tags: dict[int, Any], *, order: Order = "<", big: bool = False) -> bytes:
    """Return a file of one strip of `data` with these tags."""
    header = 16 if big else 8
    whole = tags | {273: header, 278: tags[257], 279: len(data)}
    data += bytes(len(data) % 2)
    # Values that do not fit into their entry stand behind the pixels.
    entries, behind = b"", b""
    word = "Q" if big else "I"
    for tag, value in sorted(whole.items()):
        values = value if isinstance(value, list) else [value]
        form, code = ("I", LONG) if tag in (273, 279, 256, 257, 278, 330) else ("H", SHORT)
        body = struct.pack(f"{order}{len(values)}{form}", *values)
        if len(body) > struct.calcsize(word):
            place = header + len(data) + len(behind)
            behind += body
            body = struct.pack(f"{order}{word}", place)
        entries += struct.pack(f"{order}HH{word}", tag, code, len(values)) + body.ljust(struct.calcsize(word), b"\0")
    directory = struct.pack(order + ("Q" if big else "H"), len(whole)) + entries + bytes(struct.calcsize(word))
    place = header + len(data) + len(behind)
    start = {"<": b"II", ">": b"MM"}[order]
    top = struct.pack(f"{order}HHHQ", 43, 8, 0, place) if big else struct.pack(f"{order}HI", 42, place)
    return start + top + data + behind + directory
