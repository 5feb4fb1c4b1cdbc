"""The structure of JPEG and PNG files byte by byte: what is found of a picture, and what of it a decoder gets."""

import zlib

import pytest

from imagelabels_shared.images import jpeg_markers, png_chunks
from imagelabels_shared.images.jpeg_markers import Frame, Segment, count_scans, first_picture, has_cut_notes
from imagelabels_shared.images.png_chunks import SIGNATURE, profile

SOI, EOI = b"\xff\xd8", b"\xff\xd9"


def segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + (len(body) + 2).to_bytes(2) + body


FRAME = bytes([8]) + (480).to_bytes(2) + (640).to_bytes(2) + bytes([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
SCAN = segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))


def test_a_picture_has_its_frame_its_scans_and_its_end() -> None:
    # Stuffed bytes, a restart and fill bytes are no segments.
    data = SOI + segment(0xC0, FRAME) + SCAN + b"\x12\xff\x00\xff\xd0\x13\xff" + EOI + b"behind"
    found = first_picture(data)
    assert found.frame == Frame(0xC0, 8, 640, 480, b"\1\2\3")
    assert found.segments == [Segment(0xC0, 2, 21)]
    assert found.scans == [Segment(0xDA, 21, 31)]
    assert (found.stop, found.ended) == (len(data) - len(b"behind"), True)
    assert jpeg_markers.essential(data, found) == data[: -len(b"behind")]
    assert jpeg_markers.contents(data, found.scans[0]) == bytes([1, 1, 0, 0, 63, 0])


def test_a_picture_stops_where_the_next_one_or_the_file_does() -> None:
    head = SOI + segment(0xC2, FRAME) + SCAN + b"\x12"
    for behind, stop in ((SOI + SCAN, len(head)), (b"", len(head))):
        found = first_picture(head + behind)
        assert (found.stop, found.ended, len(found.scans)) == (stop, False, 1)
        assert jpeg_markers.essential(head + behind, found) == head + EOI
    inner = first_picture(b"thumb" + head + EOI, len(b"thumb"))
    assert (inner.ended, inner.segments[0].start) == (True, len(b"thumb") + 2)
    assert first_picture(SOI).scans == []
    assert jpeg_markers.essential(SOI, first_picture(SOI)) == SOI + EOI


def test_the_first_frame_counts_and_a_short_one_is_none() -> None:
    assert first_picture(SOI + segment(0xC0, FRAME) + segment(0xC1, bytes(10))).frame == Frame(
        0xC0, 8, 640, 480, b"\1\2\3"
    )
    assert first_picture(SOI + segment(0xC0, FRAME[:7])).frame is None
    one = first_picture(SOI + segment(0xC0, FRAME[:8])).frame
    assert one is not None
    assert one.colours == b"\1"
    # DHT, JPG and DAC are no frames.
    assert all(first_picture(SOI + segment(code, FRAME)).frame is None for code in (0xC4, 0xC8, 0xCC, 0xD0, 0xDB))
    assert all(first_picture(SOI + segment(code, FRAME)).frame for code in (0xC3, 0xC9, 0xCF, 0xF7))


@pytest.mark.parametrize(("scans", "ended"), [(64, True), (65, False)])
def test_the_search_ends_after_64_scans(scans: int, ended: bool) -> None:  # noqa: FBT001  # a parameter of a test
    found = first_picture(SOI + segment(0xC2, FRAME) + SCAN * scans + EOI)
    assert (len(found.scans), found.ended) == (scans, ended)


def test_a_length_of_less_than_two_does_not_stop_the_search() -> None:
    assert first_picture(SOI + b"\xff\xe5\0\0" + EOI).ended


def test_scans_are_counted_wherever_they_are() -> None:
    headers = [b"\xff\xda\0\x08\1", b"\xff\xda\0\x0a\2", b"\xff\xda\0\x0c\3", b"\xff\xda\0\x0e\4"]
    assert count_scans(b"..".join(headers)) == 4
    assert count_scans(b"\xff\xda\0\x08\2" + b"\xff\xda\1\x08\1") == 0


NOTES = [(0xE0, b"JFIF\0", 14), (0xE1, b"Exif\0\0", 14), (0xE2, b"ICC_PROFILE\0", 14), (0xEE, b"Adobe", 12)]


@pytest.mark.parametrize(("code", "start", "least"), NOTES)
def test_a_note_that_decides_how_a_picture_looks_is_kept_when_it_is_whole(code: int, start: bytes, least: int) -> None:
    for length, whole in ((least, True), (least - 1, False)):
        note = segment(code, start.ljust(length, b"x"))
        data = SOI + note + EOI
        assert (note in jpeg_markers.essential(data, first_picture(data))) is whole
        assert has_cut_notes(data, first_picture(data)) is not whole


@pytest.mark.parametrize(
    ("code", "kept"),
    [(0xFE, False), (0xE0, False), (0xE3, False), (0xEF, False), (0xDB, True), (0xF0, True), (0xC4, True)],
)
def test_other_notes_and_comments_are_left_out_and_tables_are_not(code: int, kept: bool) -> None:  # noqa: FBT001  # a parameter of a test
    other = segment(code, b"something of any other kind")
    data = SOI + other + EOI
    found = first_picture(data)
    assert (other in jpeg_markers.essential(data, found)) is kept
    assert not has_cut_notes(data, found)


def chunk(name: bytes, inside: bytes, damage: int = 0) -> bytes:
    return len(inside).to_bytes(4) + name + inside + (zlib.crc32(name + inside) ^ damage).to_bytes(4)


EXIF_TEXT = b"Raw profile type exif\0"
BOMB, LARGEST = (zlib.compress(bytes(size)) for size in (256 * 1024 + 1, 256 * 1024))


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        *((chunk(name, b"12", damage=1), True) for name in (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL")),
        *((chunk(name, b"12", damage=1), True) for name in (b"fcTL", b"fdAT")),
        (chunk(b"eXIf", b"12"), True),
        (chunk(b"eXIf", b"12", damage=1), False),
        (chunk(b"tEXt", EXIF_TEXT + b"x"), True),
        (chunk(b"tEXt", b"Comment\0x"), False),
        (chunk(b"zTXt", EXIF_TEXT + b"\0" + LARGEST), True),
        (chunk(b"zTXt", EXIF_TEXT + b"\0" + BOMB), False),
        (chunk(b"zTXt", EXIF_TEXT + b"\0broken"), False),
        (chunk(b"iTXt", EXIF_TEXT + b"x"), False),
        (chunk(b"iCCP", b"x"), False),
    ],
)
def test_a_decoder_gets_pixels_and_whole_notes(one: bytes, kept: bool) -> None:  # noqa: FBT001  # a parameter of a test
    assert png_chunks.essential(SIGNATURE + one + chunk(b"IEND", b"")) == SIGNATURE + one * kept + chunk(b"IEND", b"")


def test_a_profile_is_unpacked_up_to_8_mib() -> None:
    def with_profile(packed: bytes) -> bytes:
        return SIGNATURE + chunk(b"gAMA", b"1") + chunk(b"iCCP", b"name\0\0" + packed)

    assert profile(SIGNATURE + chunk(b"IDAT", b"")) is None
    assert profile(with_profile(zlib.compress(b"colours"))) == b"colours"
    assert profile(with_profile(zlib.compress(bytes(8 * 1024 * 1024)))) == bytes(8 * 1024 * 1024)
    for broken in (zlib.compress(bytes(8 * 1024 * 1024 + 1)), b"broken", zlib.compress(b"colours")[:-1]):
        assert profile(with_profile(broken)) == b""
