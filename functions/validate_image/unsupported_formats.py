"""Files that are no photo we can read, named for the person who uploaded them, with what to do instead."""

from typing import NamedTuple

EXPORT = "Export it as JPEG or PNG and upload that."
PAGE = "Export the page as an image and upload that."
STILL = "Upload a photo, or a still picture taken from it."
UNPACK = "Unpack it and upload the photos in it."
DEVELOP = "Export it as JPEG from your photo software and upload that."
DOWNLOAD = "A download probably saved this instead of the photo. Download the photo itself and upload that."
OTHER = "Upload a photo: JPEG, PNG, HEIC, WebP, AVIF, GIF, TIFF or BMP."


class Stranger(NamedTuple):
    """A kind of file, told by `magic` at `offset`; `what` and `advice` are for its owner."""

    what: str
    advice: str
    magic: bytes
    offset: int = 0


STRANGERS = (
    Stranger("a PDF document", PAGE, b"%PDF-"),
    Stranger("a PostScript document", PAGE, b"%!PS"),
    Stranger("an EPS drawing", EXPORT, b"\xc5\xd0\xd3\xc6"),
    Stranger("a Photoshop document", EXPORT, b"8BPS"),
    Stranger("a GIMP drawing", EXPORT, b"gimp xcf"),
    Stranger("a Windows icon", EXPORT, b"\0\0\1\0"),
    Stranger("a Windows cursor", EXPORT, b"\0\0\2\0"),
    Stranger("a macOS icon", EXPORT, b"icns"),
    Stranger("a JPEG XL image", EXPORT, b"\0\0\0\x0cJXL "),
    Stranger("a JPEG XL image", EXPORT, b"\xff\x0a"),
    Stranger("an OpenEXR image", EXPORT, b"v/1\1"),
    Stranger("a Radiance HDR image", EXPORT, b"#?RADIANCE"),
    Stranger("a DirectDraw texture", EXPORT, b"DDS "),
    Stranger("a FITS image", EXPORT, b"SIMPLE  ="),
    Stranger("a medical image (DICOM)", EXPORT, b"DICM", 128),
    Stranger("a DjVu document", PAGE, b"AT&TFORM"),
    Stranger("a RAW photo (Canon CR2)", DEVELOP, b"CR", 8),
    Stranger("a RAW photo (Canon CR3)", DEVELOP, b"ftypcrx ", 4),
    Stranger("a RAW photo (Fujifilm)", DEVELOP, b"FUJIFILMCCD-RAW"),
    Stranger("a RAW photo (Olympus)", DEVELOP, b"IIRO"),
    Stranger("a RAW photo (Olympus)", DEVELOP, b"IIRS"),
    Stranger("a RAW photo (Panasonic)", DEVELOP, b"IIU\0"),
    Stranger("a RAW photo (Sigma)", DEVELOP, b"FOVb"),
    Stranger("a sound recording", OTHER, b"ftypM4A", 4),
    Stranger("a QuickTime video (MOV)", STILL, b"ftypqt  ", 4),
    Stranger("a QuickTime video (MOV)", STILL, b"moov", 4),
    Stranger("a QuickTime video (MOV)", STILL, b"mdat", 4),
    Stranger("a 3GP video", STILL, b"ftyp3g", 4),
    Stranger("an MP4 video", STILL, b"ftyp", 4),
    Stranger("a Matroska or WebM video", STILL, b"\x1aE\xdf\xa3"),
    Stranger("an AVI video", STILL, b"AVI ", 8),
    Stranger("a Windows Media file", STILL, b"0&\xb2u\x8ef\xcf\x11"),
    Stranger("an MPEG video", STILL, b"\0\0\1\xba"),
    Stranger("a Flash video", STILL, b"FLV\1"),
    Stranger("a sound recording (WAV)", OTHER, b"WAVE", 8),
    Stranger("a sound recording (MP3)", OTHER, b"ID3"),
    Stranger("a sound recording (Ogg)", OTHER, b"OggS"),
    Stranger("a sound recording (FLAC)", OTHER, b"fLaC"),
    Stranger("a ZIP archive", UNPACK, b"PK\3\4"),
    Stranger("a ZIP archive", UNPACK, b"PK\5\6"),
    Stranger("a gzip archive", UNPACK, b"\x1f\x8b"),
    Stranger("a bzip2 archive", UNPACK, b"BZh"),
    Stranger("an xz archive", UNPACK, b"\xfd7zXZ\0"),
    Stranger("a Zstandard archive", UNPACK, b"(\xb5/\xfd"),
    Stranger("a 7-Zip archive", UNPACK, b"7z\xbc\xaf\x27\x1c"),
    Stranger("a RAR archive", UNPACK, b"Rar!\x1a\7"),
    Stranger("a tar archive", UNPACK, b"ustar", 257),
    Stranger("a Microsoft Office document", PAGE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    Stranger("a database", OTHER, b"SQLite format 3\0"),
    Stranger("a Windows program", OTHER, b"MZ"),
    Stranger("a Linux program", OTHER, b"\x7fELF"),
)
# What ZIP archives are that people do not call archives, by the name of a file in them.
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


def stranger(head: bytes) -> tuple[str, str]:
    """Return what the file is, for "The file is ...", and what its owner can do."""
    for kind in STRANGERS:
        if head.startswith(kind.magic, kind.offset):
            return _zipped(head) if kind.magic == b"PK\3\4" else (kind.what, kind.advice)
    return _written(head[:TEXT_BYTES]) or UNKNOWN


def _zipped(head: bytes) -> tuple[str, str]:
    return next((said for mark, said in ZIPPED.items() if mark in head), ("a ZIP archive", UNPACK))


def _written(head: bytes) -> tuple[str, str] | None:
    text = _text(head)
    if text is None:
        return None
    lines = text.lstrip().lower()
    # An SVG drawing usually starts as any XML, and a comment may stand before it.
    if "<svg" in lines and lines.startswith("<"):
        return WRITTEN["<svg"]
    if "<error>" in lines and lines.startswith("<?xml"):
        return WRITTEN["<error"]
    return next((said for mark, said in WRITTEN.items() if lines.startswith(mark)), TEXT)


def _text(head: bytes) -> str | None:
    """Return the words of a text in UTF-8 or UTF-16, None for anything else."""
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, errors="ignore")
    printable = sum(character.isprintable() or character in "\t\r\n\f" for character in text)
    return text if text and printable == len(text) and len(text) * 4 >= len(head) else None
