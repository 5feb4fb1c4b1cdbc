"""Files that are not photos we can read: what each is called, and what its owner can do instead."""

import re
from typing import NamedTuple

EXPORT = "Export it as JPEG or PNG and upload that."
PAGE = "Export the page as an image and upload that."
STILL = "Upload a photo, or a still picture taken from it."
UNPACK = "Unpack it and upload the photos in it."
DOWNLOAD = "A download probably saved this instead of the photo. Download the photo itself and upload that."
OTHER = "Upload a photo: JPEG, PNG, HEIC, WebP, AVIF, GIF, TIFF or BMP."


class UnsupportedFormat(NamedTuple):
    """A format with the bytes `magic` at `offset`; `what` and `advice` are for the file's owner."""

    what: str
    advice: str
    magic: bytes
    offset: int = 0


UNSUPPORTED_FORMATS = (
    UnsupportedFormat("a PDF document", PAGE, b"%PDF-"),
    UnsupportedFormat("a PostScript document", PAGE, b"%!PS"),
    UnsupportedFormat("an EPS drawing", EXPORT, b"\xc5\xd0\xd3\xc6"),
    UnsupportedFormat("a Photoshop document", EXPORT, b"8BPS"),
    UnsupportedFormat("a GIMP drawing", EXPORT, b"gimp xcf"),
    UnsupportedFormat("a Windows icon", EXPORT, b"\0\0\1\0"),
    UnsupportedFormat("a Windows cursor", EXPORT, b"\0\0\2\0"),
    UnsupportedFormat("a JPEG XR image", EXPORT, b"II\xbc\1"),
    UnsupportedFormat("a QOI image", EXPORT, b"qoif"),
    UnsupportedFormat("a BPG image", EXPORT, b"BPG\xfb"),
    UnsupportedFormat("a FLIF image", EXPORT, b"FLIF"),
    UnsupportedFormat("a MNG animation", EXPORT, b"\x8aMNG\r\n\x1a\n"),
    UnsupportedFormat("a JNG image", EXPORT, b"\x8bJNG\r\n\x1a\n"),
    UnsupportedFormat("an SGI image", EXPORT, b"\1\xda\0\1"),
    UnsupportedFormat("an SGI image", EXPORT, b"\1\xda\1\1"),
    UnsupportedFormat("a Sun raster image", EXPORT, b"\x59\xa6\x6a\x95"),
    UnsupportedFormat("a Windows metafile drawing", EXPORT, b"\xd7\xcd\xc6\x9a"),
    UnsupportedFormat("a Windows metafile drawing", EXPORT, b" EMF", 40),
    UnsupportedFormat("a MATLAB file", OTHER, b"MATLAB 5.0 MAT-file"),
    UnsupportedFormat("a macOS icon", EXPORT, b"icns"),
    UnsupportedFormat("a JPEG XL image", EXPORT, b"\0\0\0\x0cJXL "),
    UnsupportedFormat("a JPEG XL image", EXPORT, b"\xff\x0a"),
    UnsupportedFormat("an OpenEXR image", EXPORT, b"v/1\1"),
    UnsupportedFormat("a Radiance HDR image", EXPORT, b"#?RADIANCE"),
    UnsupportedFormat("a DirectDraw texture", EXPORT, b"DDS "),
    UnsupportedFormat("a FITS image", EXPORT, b"SIMPLE  ="),
    UnsupportedFormat("a medical image (DICOM)", EXPORT, b"DICM", 128),
    UnsupportedFormat("a DjVu document", PAGE, b"AT&TFORM"),
    UnsupportedFormat("a sound recording", OTHER, b"ftypM4A", 4),
    UnsupportedFormat("a QuickTime video (MOV)", STILL, b"ftypqt  ", 4),
    UnsupportedFormat("a QuickTime video (MOV)", STILL, b"moov", 4),
    UnsupportedFormat("a QuickTime video (MOV)", STILL, b"mdat", 4),
    UnsupportedFormat("a 3GP video", STILL, b"ftyp3g", 4),
    UnsupportedFormat("an MP4 video", STILL, b"ftyp", 4),
    UnsupportedFormat("a Matroska or WebM video", STILL, b"\x1aE\xdf\xa3"),
    UnsupportedFormat("an AVI video", STILL, b"AVI ", 8),
    UnsupportedFormat("a Windows Media file", STILL, b"0&\xb2u\x8ef\xcf\x11"),
    UnsupportedFormat("an MPEG video", STILL, b"\0\0\1\xba"),
    UnsupportedFormat("a Flash video", STILL, b"FLV\1"),
    UnsupportedFormat("a sound recording (WAV)", OTHER, b"WAVE", 8),
    UnsupportedFormat("a sound recording (MP3)", OTHER, b"ID3"),
    UnsupportedFormat("a sound recording (Ogg)", OTHER, b"OggS"),
    UnsupportedFormat("a sound recording (FLAC)", OTHER, b"fLaC"),
    UnsupportedFormat("a ZIP archive", UNPACK, b"PK\3\4"),
    UnsupportedFormat("a ZIP archive", UNPACK, b"PK\5\6"),
    UnsupportedFormat("a gzip archive", UNPACK, b"\x1f\x8b"),
    UnsupportedFormat("a bzip2 archive", UNPACK, b"BZh"),
    UnsupportedFormat("an xz archive", UNPACK, b"\xfd7zXZ\0"),
    UnsupportedFormat("a Zstandard archive", UNPACK, b"(\xb5/\xfd"),
    UnsupportedFormat("a 7-Zip archive", UNPACK, b"7z\xbc\xaf\x27\x1c"),
    UnsupportedFormat("a RAR archive", UNPACK, b"Rar!\x1a\7"),
    UnsupportedFormat("a tar archive", UNPACK, b"ustar", 257),
    UnsupportedFormat("a Microsoft Office document", PAGE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    UnsupportedFormat("a database", OTHER, b"SQLite format 3\0"),
    UnsupportedFormat("a Windows program", OTHER, b"MZ"),
    UnsupportedFormat("a Linux program", OTHER, b"\x7fELF"),
)
# Formats without magic bytes, by the fields of their headers. Targa: no palette or one, a kind of picture (8 bits, true
# colour or grey, packed or not), sides that are not 0, bits of a pixel. Netpbm: a digit, white space, the width.
PATTERNS = {
    "a Targa image (TGA)": re.compile(
        rb".(?:\x00[\x02\x03\x0a\x0b]\x00{5}|\x01[\x01\x09].{4}[\x0f\x10\x18\x20]).{4}(?!\x00\x00)..(?!\x00\x00)..[\x08\x0f\x10\x18\x20]",
        re.DOTALL,
    ),
    "a Netpbm image (such as PPM)": re.compile(rb"P(?:[1-6]\s+(?:#[^\n]*\s+)*\d|7\nWIDTH|7\n#|[Ff]\s+\d)"),
}
# Documents and programs that are ZIP archives, by the name of a file in them.
ZIPPED = {
    b"word/": ("a Word document", PAGE),
    b"xl/": ("an Excel workbook", PAGE),
    b"ppt/": ("a PowerPoint presentation", PAGE),
    b"application/vnd.oasis.opendocument": ("an OpenDocument file", PAGE),
    b"application/epub": ("an e-book", PAGE),
    b"AndroidManifest.xml": ("an Android program", OTHER),
}
WRITTEN = {
    "<svg": ("an SVG drawing", EXPORT),
    "<!doctype html": ("a web page (HTML)", DOWNLOAD),
    "<html": ("a web page (HTML)", DOWNLOAD),
    "<error": ("an error message (XML)", DOWNLOAD),
    "<?xml": ("an XML document", DOWNLOAD),
    "{": ("a JSON document", DOWNLOAD),
    "[": ("a JSON document", DOWNLOAD),
    "-----begin": ("a certificate or key", OTHER),
    "data:image/": ("a picture written out as text (a data URL)", EXPORT),
}
TEXT = ("a text file", OTHER)
UNKNOWN = ("not an image that can be read", OTHER)
TEXT_BYTES = 2048


def identify(head: bytes) -> tuple[str, str]:
    """Return what the file is, for "The file is ...", and what its owner can do."""
    for name, pattern in PATTERNS.items():
        if pattern.match(head):
            return name, EXPORT
    for kind in UNSUPPORTED_FORMATS:
        if head.startswith(kind.magic, kind.offset):
            return _zipped(head) if kind.magic == b"PK\3\4" else (kind.what, kind.advice)
    return _written(head[:TEXT_BYTES]) or UNKNOWN


def _zipped(head: bytes) -> tuple[str, str]:
    return next((known for name, known in ZIPPED.items() if name in head), ("a ZIP archive", UNPACK))


def _written(head: bytes) -> tuple[str, str] | None:
    text = _text(head)
    if text is None:
        return None
    lines = text.lstrip().lower()
    # An SVG drawing usually starts as any XML document, perhaps with a comment.
    if "<svg" in lines and lines.startswith("<"):
        return WRITTEN["<svg"]
    if "<error>" in lines and lines.startswith("<?xml"):
        return WRITTEN["<error"]
    return next((known for start, known in WRITTEN.items() if lines.startswith(start)), TEXT)


def _text(head: bytes) -> str | None:
    """Return the content of a text file in UTF-8 or UTF-16; None for any other file."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, errors="ignore")
    printable = sum(character.isprintable() or character in "\t\r\n\f" for character in text)
    return text if text and printable == len(text) and len(text) * 4 >= len(head) else None
