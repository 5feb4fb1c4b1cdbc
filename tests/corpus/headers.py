"""Small files whose headers ask a reader to keep far more than they hold."""

import struct
import zlib
from collections.abc import Callable

from tests.corpus.files import chunk, file
from tests.corpus.scene import scene

SEGMENT_BYTES = 65_000
BYTES = 1
MIB = 1024 * 1024


def overlapping(size: int) -> bytes:
    """Return an EXIF block in which each of thousands of values is nearly the whole block: together, gigabytes."""
    count = (size - 20) // 12
    entries = (struct.pack("<HHII", tag, BYTES, size - 200, 0) for tag in range(1000, 1000 + count))
    return (b"II*\0" + struct.pack("<IH", 8, count) + b"".join(entries)).ljust(size, b"\0")


def exif_in_png() -> bytes:
    return _in_png(chunk(b"eXIf", overlapping(150_000)))


def text_in_png() -> bytes:
    """A hundred and sixty notes, each a mebibyte of zeros when it is unpacked."""
    return _in_png(chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(MIB - 16))) * 160)


def profile_in_png() -> bytes:
    return _in_png(chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(160 * MIB))))


def _in_png(more: bytes) -> bytes:
    data = file("PNG", scene(100, 100))
    return data[:33] + more + data[33:]


def exif_in_jpeg() -> bytes:
    """Readers put the parts of a long block together again."""
    block = overlapping(180_000)
    parts = (block[start : start + SEGMENT_BYTES] for start in range(0, len(block), SEGMENT_BYTES))
    return _in_jpeg(b"\xe1", *(b"Exif\0\0" + part for part in parts))


def index_in_jpeg() -> bytes:
    return _in_jpeg(b"\xe2", b"MPF\0" + overlapping(SEGMENT_BYTES))


def _in_jpeg(marker: bytes, *contents: bytes) -> bytes:
    data = file("JPEG", scene(100, 100))
    segments = (b"\xff" + marker + (len(one) + 2).to_bytes(2) + one for one in contents)
    # Without the JFIF segment, readers look into EXIF for the resolution.
    return data[:2] + b"".join(segments) + data[20:]


GREEDY: dict[str, Callable[[], bytes]] = {
    one.__name__: one for one in (exif_in_png, text_in_png, profile_in_png, exif_in_jpeg, index_in_jpeg)
}
