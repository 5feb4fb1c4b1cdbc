"""The chunks of a PNG (w3.org/TR/png-3, 5.3): what a decoder needs, without texts and broken notes."""

import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The parts of a chunk around its data: length, name; checksum.
HEAD_BYTES, TAIL_BYTES = 8, 4
# Chunks with these names hold or describe pixels; a decoder must see them even when they are damaged.
PIXELS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"}
# EXIF data say how to turn the picture; a damaged note is left out. The profile is read by `profile`.
NOTES = {b"eXIf"}
# Older programs write EXIF data as text.
TEXTS, EXIF_TEXTS, MAX_TEXT_BYTES = {b"tEXt", b"zTXt"}, (b"Raw profile type exif\0",), 256 * 1024
# A profile of a printer has up to 4 MB; its bytes are bounded because a few of them can unpack to gigabytes.
MAX_PROFILE_BYTES = 8 * 1024 * 1024


def essential(data: bytes) -> bytes:
    """Return the PNG (whole or its start) without the metadata that does not decide how it looks."""
    return SIGNATURE + b"".join(chunk for name, chunk in _chunks(data) if name in PIXELS or _wanted(name, chunk))


def profile(data: bytes) -> bytes | None:
    """Return the unpacked colour profile: None when there is none, no bytes when it is broken or too large."""
    packed = next((chunk[HEAD_BYTES:-TAIL_BYTES] for name, chunk in _chunks(data) if name == b"iCCP"), None)
    return None if packed is None else _unpacked(packed, MAX_PROFILE_BYTES)


def _unpacked(packed: bytes, most: int) -> bytes:
    """Return what a chunk holds behind its name, the end of the name and the method; no bytes when it is broken."""
    _name, _zero, rest = packed.partition(b"\0")
    reader = zlib.decompressobj()
    try:
        unpacked = reader.decompress(rest[1:], most)
    except zlib.error:
        return b""
    return unpacked if reader.eof else b""


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(data):
        stop = at + HEAD_BYTES + int.from_bytes(data[at : at + 4]) + TAIL_BYTES
        yield data[at + 4 : at + 8], data[at:stop]
        at = stop


def _wanted(name: bytes, chunk: bytes) -> bool:
    """Return whether a chunk is a needed note that is whole."""
    inside = chunk[HEAD_BYTES:-TAIL_BYTES]
    if name in TEXTS and inside.startswith(EXIF_TEXTS):
        return name == b"tEXt" or bool(_unpacked(inside, MAX_TEXT_BYTES))
    return name in NOTES and zlib.crc32(chunk[4:-TAIL_BYTES]).to_bytes(4) == chunk[-TAIL_BYTES:]
