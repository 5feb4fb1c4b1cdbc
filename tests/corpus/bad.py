"""Kinds of file that cannot be labelled, each with the name of the error that its owner's report must carry."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

from PIL import Image

from tests.corpus import wild
from tests.corpus.files import PNG_START, chunk, file
from validate_image.s3_bytes import HEAD_BYTES, TAIL_BYTES

Make = Callable[[], bytes]
NOISE = bytes(range(256)) * 8
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
REDUCED = {254: 1, 330: 8}
DNG = {50706: bytes((1, 4, 0, 0))}


class Bad(NamedTuple):
    """How to make the file, and what it must be rejected as."""

    make: Make
    error: str


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "photo")
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("photo.jpg"))
    return buffer.getvalue()


def box(brand: bytes) -> bytes:
    """Return the start of an ISO base media file."""
    return struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, brand) + NOISE


def riff(kind: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(NOISE) + 4) + kind + NOISE


def cut(name: str, part: float, **options: Any) -> Make:
    """Return what makes a file of which only the first `part` arrived."""

    def make() -> bytes:
        data = file(name, **options)
        return data[: int(len(data) * part)]

    return make


def zeroed(name: str) -> Make:
    """Return what makes a file whose second half never came, in the space that was made for it."""

    def make() -> bytes:
        data = file(name)
        return data[: len(data) // 2] + bytes(8 * len(data))

    return make


def sized(name: str, width: int, height: int) -> Make:
    return lambda: file(name, Image.new("RGB", (width, height), "red"))


def huge_png() -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return PNG_START + header + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def patched(name: str, offset: int, format_: str, *values: int) -> Make:
    """Return what makes a small file whose header promises something else."""

    def make() -> bytes:
        data = bytearray(file(name))
        struct.pack_into(format_, data, offset, *values)
        return bytes(data)

    return make


def huge_jpeg() -> bytes:
    data = bytearray(file("JPEG"))
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, 65_500, 65_500)
    return bytes(data)


def endless_passes() -> bytes:
    """A progressive JPEG whose last pass comes ten thousand times: 100 kB that decode for minutes."""
    data = file("JPEG", Image.new("CMYK", (2000, 2000)), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 10_000 + data[-2:]


def many_scans(before: int = 0, behind: int = 0) -> bytes:
    """A progressive JPEG of 4,000 pixels a side whose last scan comes 8,000 times: 340 kB that decode for minutes.

    `before` and `behind` are bytes of comments around those scans, which keep them out of a file's ends.
    """
    data = file("JPEG", Image.new("RGB", (4000, 4000), "white"), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + _comments(before) + data[last:-2] * 8000 + _comments(behind) + data[-2:]


def _comments(size: int) -> bytes:
    one = b"\xff\xfe" + (10_002).to_bytes(2) + bytes(10_000)
    return one * -(-size // len(one))


def hidden_scans() -> bytes:
    """The same, but ValidateImage, which reads the ends, sees nothing of it."""
    return many_scans(before=HEAD_BYTES, behind=TAIL_BYTES)


def nested_boxes() -> bytes:
    """A HEIF whose boxes lie in each other a thousand deep."""
    inner = b""
    for _ in range(1000):
        inner = struct.pack(">I4s", len(inner) + 8, b"meta") + inner
    return struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1") + inner


def broken_header() -> bytes:
    data = bytearray(file("PNG"))
    data[20] ^= 0xFF
    return bytes(data)


def looping_tiff() -> bytes:
    """A TIFF whose only directory has no picture and follows itself."""
    return b"II*\0" + struct.pack("<IHHHIII", 8, 1, 256, 3, 1, 100, 8)


UNSUPPORTED: dict[str, Make] = {
    "page.pdf": lambda: b"%PDF-1.7\n" + NOISE,
    "a pdf named.jpg": lambda: b"%PDF-1.4\n" + file("JPEG"),
    "drawing.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "drawing with prolog.svg": f'{XML}<!-- made by hand -->\n<svg width="9"/>'.encode,
    "web page.jpg": lambda: b"\n<!DOCTYPE html><html><title>404 Not Found</title></html>",
    "bare page.jpg": lambda: b"<html><body>Sign in</body></html>",
    "expired link.jpg": f"{XML}<Error><Code>AccessDenied</Code></Error>".encode,
    "other.xml": f"{XML}<photos/>".encode,
    "answer.json": lambda: b'{"error": "not found"}',
    "text.jpg": lambda: b"This is not a photo.\n",
    "starts like a bitmap.txt": lambda: b"BMW is a maker of cars, and this is a text.\n",
    "text in utf-16.txt": lambda: "Kein Foto, nur ein paar Wörter.".encode("utf-16"),
    "data url.txt": lambda: b"data:image/png;base64,iVBORw0KGgo=",
    "video.mp4": lambda: box(b"isom"),
    "video.mov": lambda: box(b"qt  "),
    "video.3gp": lambda: box(b"3gp4"),
    "sound.m4a": lambda: box(b"M4A "),
    "video.webm": lambda: b"\x1aE\xdf\xa3" + NOISE,
    "video.avi": lambda: riff(b"AVI "),
    "sound.wav": lambda: riff(b"WAVE"),
    "sound.mp3": lambda: b"ID3\4\0" + NOISE,
    "album.zip": lambda: zipped("photo.jpg"),
    "letter.docx": lambda: zipped("[Content_Types].xml", "word/document.xml"),
    "slides.pptx": lambda: zipped("ppt/presentation.xml"),
    "album.tar": tarred,
    "album.tar.gz": lambda: gzip.compress(tarred()),
    "album.tar.xz": lambda: lzma.compress(tarred()),
    "album.7z": lambda: b"7z\xbc\xaf\x27\x1c" + NOISE,
    "album.rar": lambda: b"Rar!\x1a\x07\x01\0" + NOISE,
    "old letter.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE,
    "program.exe": lambda: b"MZ" + NOISE,
    "program": lambda: b"\x7fELF" + NOISE,
    "catalogue.db": lambda: b"SQLite format 3\0" + NOISE,
    "drawing.psd": lambda: b"8BPS\0\1" + NOISE,
    "print.eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "icon.ico": lambda: file("ICO", Image.new("RGB", (256, 256))),
    "new.jxl": lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + NOISE,
    "raw.cr2": lambda: b"II*\0\x10\0\0\0CR\2\0" + NOISE,
    "raw.cr3": lambda: box(b"crx "),
    "raw.raf": lambda: b"FUJIFILMCCD-RAW 0201" + NOISE,
    "raw.dng": lambda: file("TIFF", tiffinfo=DNG),
    "raw.nef": lambda: file("TIFF", tiffinfo=REDUCED),
    "scan.dcm": lambda: bytes(128) + b"DICM" + NOISE,
    "unknown.bin": lambda: b"\x01\x80\x90\xfe" + NOISE,
    **wild.UNSUPPORTED,
}
CORRUPT: dict[str, Make] = {
    "only zeros.jpg": lambda: bytes(5000),
    "header only.jpg": lambda: file("JPEG")[:300],
    "half.jpg": cut("JPEG", 0.5),
    "nearly all.jpg": cut("JPEG", 0.98),
    "half progressive.jpg": cut("JPEG", 0.5, progressive=True),
    "half zeros.jpg": zeroed("JPEG"),
    "endless passes.jpg": endless_passes,
    "many scans.jpg": many_scans,
    "half.png": cut("PNG", 0.5),
    "half zeros.png": zeroed("PNG"),
    "broken header.png": broken_header,
    "half.webp": cut("WEBP", 0.5),
    "half.avif": cut("AVIF", 0.5, speed=10),
    "half.heic": cut("HEIF", 0.5),
    "nested boxes.heic": nested_boxes,
    "half.gif": cut("GIF", 0.5),
    "half.bmp": cut("BMP", 0.5),
    "half.tif": cut("TIFF", 0.5),
    "half lzw.tif": cut("TIFF", 0.5, compression="tiff_lzw"),
    "looping.tif": looping_tiff,
    "half.jp2": cut("JPEG2000", 0.5),
    **wild.CORRUPT,
}
TOO_SMALL: dict[str, Make] = {
    "79 pixels high.jpg": sized("JPEG", 400, 79),
    "one pixel.png": sized("PNG", 1, 1),
    "one pixel.gif": sized("GIF", 1, 1),
    "small.webp": sized("WEBP", 60, 60),
    "small.heic": sized("HEIF", 64, 64),
    "strip.jpg": sized("JPEG", 20_000, 150),
    "upright strip.png": sized("PNG", 100, 13_000),
}
TOO_LARGE: dict[str, Make] = {
    "huge.png": huge_png,
    "huge.jpg": huge_jpeg,
    "huge.gif": patched("GIF", 6, "<HH", 65_535, 65_535),
    "huge.bmp": patched("BMP", 18, "<ii", 60_000, 60_000),
    "huge.avif": wild.huge_avif,
    "huge.webp": lambda: riff(b"WEBP")[:12] + b"VP8X\n\0\0\0" + bytes(4) + b"\xff\xff\0" * 2 + NOISE,
}
BAD = {
    "empty.jpg": Bad(bytes, "EmptyImageError"),
    **{name: Bad(make, "UnsupportedFormatError") for name, make in UNSUPPORTED.items()},
    **{name: Bad(make, "CorruptImageError") for name, make in CORRUPT.items()},
    **{name: Bad(make, "ImageTooSmallError") for name, make in TOO_SMALL.items()},
    **{name: Bad(make, "ImageTooLargeError") for name, make in TOO_LARGE.items()},
}
