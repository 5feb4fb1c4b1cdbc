"""The first picture of a JPEG file by its markers (ITU T.81, B.1): its frame, its scans, its end.

What follows the first picture (a second view, a gain map, a video) is not part of the photo. Nothing is decoded here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Fill bytes, then a code. Stuffed bytes (FF 00), restarts (D0 to D7) and TEM (01) have no segment and are passed over.
MARKER = re.compile(rb"\xff+([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
# A scan's marker, the length of what follows, and one to four colours: ITU T.81, B.2.3.
SCAN_HEADER = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
START, END, SCAN = 0xD8, 0xD9, 0xDA
# SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC); JPEG-LS has F7 (ITU T.87).
FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
FRAME_BYTES = 8
COMMENT, NOTES = 0xFE, range(0xE0, 0xF0)
# The notes that decide how a picture looks, and the bytes that each has at least: JFIF, EXIF, ICC profile, Adobe.
NEEDED = ((0xE0, b"JFIF\0", 14), (0xE1, b"Exif\0\0", 14), (0xE2, b"ICC_PROFILE\0", 14), (0xEE, b"Adobe", 12))
# A progressive JPEG has about ten scans, and a decoder processes the whole picture once for each of them.
MAX_SCANS = 64


class Segment(NamedTuple):
    """A marker's code, where the marker starts, and where its segment stops."""

    code: int
    start: int
    stop: int


class Frame(NamedTuple):
    """What a frame header says: the code that names the coding, bits per colour, sides in pixels, colours' numbers."""

    code: int
    bits: int
    width: int
    height: int
    colours: bytes


class Picture(NamedTuple):
    """The first picture. `stop` is where it stops; `ended` tells whether its end marker stands there."""

    segments: list[Segment]
    frame: Frame | None
    scans: list[Segment]
    stop: int
    ended: bool


def first_picture(data: bytes, start: int = 0) -> Picture:
    """Return the picture that starts at `start`, of whole or cut data; more scans than `MAX_SCANS` end the search."""
    segments, scans, frame = list[Segment](), list[Segment](), None
    for segment in _segments(data, start + 2):
        if segment.code == END:
            return Picture(segments, frame, scans, segment.stop, ended=True)
        if segment.code == START:
            # The next picture begins before this one has ended.
            return Picture(segments, frame, scans, segment.start, ended=False)
        if segment.code == SCAN:
            scans.append(segment)
            if len(scans) > MAX_SCANS:
                break
        elif segment.code in FRAMES:
            frame = frame or _frame(data, segment)
        if not scans:
            segments.append(segment)
    return Picture(segments, frame, scans, len(data), ended=False)


def _segments(data: bytes, at: int) -> Iterator[Segment]:
    while found := MARKER.search(data, at):
        code, start = found[1][0], found.end() - 2
        at = found.end()
        if code not in (START, END):
            at += max(2, int.from_bytes(data[at : at + 2]))
        yield Segment(code, start, at)


def _frame(data: bytes, segment: Segment) -> Frame | None:
    body = data[segment.start + 4 : segment.stop]
    if len(body) < FRAME_BYTES:
        return None
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    return Frame(segment.code, body[0], width, height, body[FRAME_BYTES - 2 :: 3])


def contents(data: bytes, segment: Segment) -> bytes:
    """Return what stands in a segment behind its length."""
    return data[segment.start + 4 : segment.stop]


def essential(data: bytes, picture: Picture) -> bytes:
    """Return a JPEG of the picture alone, with an end, and of its metadata only what decides how it looks.

    Broken or huge metadata of other kinds is no reason to refuse a photo.
    """
    kept = (data[one.start : one.stop] for one in picture.segments if _needed(one.code, contents(data, one)))
    scans = data[picture.scans[0].start : picture.stop] if picture.scans else b""
    return b"".join((b"\xff\xd8", *kept, scans, b"" if picture.ended else b"\xff\xd9"))


def has_cut_notes(data: bytes, picture: Picture) -> bool:
    """Return whether a note that decides how the picture looks is shorter than its kind must be."""
    return any(
        one.code == note and inside.startswith(start.rstrip(b"\0")) and len(inside) < least
        for one in picture.segments
        for inside in (contents(data, one),)
        for note, start, least in NEEDED
    )


def count_scans(data: bytes) -> int:
    """Return the number of scans in a part of a file, including those of other pictures."""
    return len(SCAN_HEADER.findall(data))


def _needed(code: int, inside: bytes) -> bool:
    if code == COMMENT:
        return False
    if code not in NOTES:
        return True
    return any(code == note and inside.startswith(start) and len(inside) >= least for note, start, least in NEEDED)
