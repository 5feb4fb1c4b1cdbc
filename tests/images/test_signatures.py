"""What a file is by its first bytes: each signature that specifications and `file(1)` name, written down again."""

import pytest

from imagelabels_shared.errors import CorruptImageError, UnsupportedFormatError
from validate_image.content import recognize

EXPORT = "Export it as JPEG or PNG and upload that."
PAGE = "Export the page as an image and upload that."
STILL = "Upload a photo, or a still picture taken from it."
UNPACK = "Unpack it and upload the photos in it."
DOWNLOAD = "A download probably saved this instead of the photo. Download the photo itself and upload that."
OTHER = "Upload a photo: JPEG, PNG, HEIC, WebP, AVIF, GIF, TIFF or BMP."
# By advice and name: the signatures, and where they are in the file if that is not its start.
REFUSED: dict[str, dict[str, tuple[bytes | tuple[bytes, int], ...]]] = {
    PAGE: {
        "a PDF document": (b"%PDF-1.7",),
        "a PostScript document": (b"%!PS-Adobe",),
        "a DjVu document": (b"AT&TFORM",),
        "a Microsoft Office document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        "a Word document": (b"PK\3\4..word/document.xml",),
        "an Excel workbook": (b"PK\3\4..xl/workbook.xml",),
        "a PowerPoint presentation": (b"PK\3\4..ppt/slides",),
        "an OpenDocument file": (b"PK\3\4..mimetypeapplication/vnd.oasis.opendocument.text",),
        "an e-book": (b"PK\3\4..mimetypeapplication/epub+zip",),
    },
    EXPORT: {
        "an EPS drawing": (b"\xc5\xd0\xd3\xc6",),
        "a Photoshop document": (b"8BPS",),
        "a GIMP drawing": (b"gimp xcf",),
        "a Windows icon": (b"\0\0\1\0\1",),
        "a Windows cursor": (b"\0\0\2\0\1",),
        "a JPEG XR image": (b"II\xbc\1",),
        "a QOI image": (b"qoif",),
        "a BPG image": (b"BPG\xfb",),
        "a FLIF image": (b"FLIF",),
        "a MNG animation": (b"\x8aMNG\r\n\x1a\n",),
        "a JNG image": (b"\x8bJNG\r\n\x1a\n",),
        "an SGI image": (b"\1\xda\0\1", b"\1\xda\1\1"),
        "a Sun raster image": (b"\x59\xa6\x6a\x95",),
        "a Windows metafile drawing": (b"\xd7\xcd\xc6\x9a", (b" EMF", 40)),
        "a macOS icon": (b"icns",),
        "a JPEG XL image": (b"\0\0\0\x0cJXL \r\n", b"\xff\x0a"),
        "an OpenEXR image": (b"v/1\1",),
        "a Radiance HDR image": (b"#?RADIANCE",),
        "a DirectDraw texture": (b"DDS ",),
        "a FITS image": (b"SIMPLE  =",),
        "a medical image (DICOM)": ((b"DICM", 128),),
        "an SVG drawing": (b"<svg xmlns=''>", b"<?xml version='1.0'?><!-- --><SVG>"),
        "a picture written out as text (a data URL)": (b"data:image/png;base64,",),
        "a Netpbm image (such as PPM)": (b"P6 640 480", b"P7\nWIDTH 3", b"Pf 3 3"),
        "a Targa image (TGA)": (b"\0\0\x02" + bytes(5) + bytes(4) + b"\x40\1\x40\1\x18\0",),
    },
    STILL: {
        "a QuickTime video (MOV)": ((b"ftypqt  ", 4), (b"moov", 4), (b"mdat", 4)),
        "a 3GP video": ((b"ftyp3gp4", 4),),
        "an MP4 video": ((b"ftypisom", 4), (b"ftypmp42", 4), (b"ftypavc1", 4), (b"ftypXXXX", 4)),
        "a Matroska or WebM video": (b"\x1aE\xdf\xa3",),
        "an AVI video": (b"RIFF\1\1\1\1AVI ",),
        "a Windows Media file": (b"0&\xb2u\x8ef\xcf\x11",),
        "an MPEG video": (b"\0\0\1\xba",),
        "a Flash video": (b"FLV\1",),
    },
    OTHER: {
        "a MATLAB file": (b"MATLAB 5.0 MAT-file",),
        "a sound recording": ((b"ftypM4A ", 4),),
        "a sound recording (WAV)": (b"RIFF\1\1\1\1WAVE",),
        "a sound recording (MP3)": (b"ID3\4",),
        "a sound recording (Ogg)": (b"OggS",),
        "a sound recording (FLAC)": (b"fLaC",),
        "a database": (b"SQLite format 3\0",),
        "a Windows program": (b"MZ\x90",),
        "a Linux program": (b"\x7fELF",),
        "an Android program": (b"PK\3\4..AndroidManifest.xml",),
        "a certificate or key": (b"-----BEGIN CERTIFICATE-----",),
        "a text file": (
            b"Dear diary",
            "\ufeffüber".encode(),
            "über".encode("utf-16"),
            b"BMW is a car, as everybody knows",
        ),
        "not an image that can be read": (b"\x07\x99\x12\xf8", b"nearly a text\x07"),
    },
    UNPACK: {
        "a ZIP archive": (b"PK\3\4..photo.jpg", b"PK\5\6"),
        "a gzip archive": (b"\x1f\x8b",),
        "a bzip2 archive": (b"BZh9",),
        "an xz archive": (b"\xfd7zXZ\0",),
        "a Zstandard archive": (b"(\xb5/\xfd",),
        "a 7-Zip archive": (b"7z\xbc\xaf\x27\x1c",),
        "a RAR archive": (b"Rar!\x1a\7",),
        "a tar archive": ((b"ustar", 257),),
    },
    DOWNLOAD: {
        "a web page (HTML)": (b"<!DOCTYPE html>", b"  \n<HTML>"),
        "an error message (XML)": (
            b"<Error><Code>AccessDenied</Code></Error>",
            b"<?xml version='1.0'?><Error></Error>",
        ),
        "an XML document": (b"<?xml version='1.0'?><a/>",),
        "a JSON document": (b'{"error": 404}', b"[1, 2]"),
    },
}
# Each format that is taken, by its signatures; of ISO base media files, their brands.
TAKEN: dict[str, tuple[bytes, ...]] = {
    "BMP": tuple(b"BM" + bytes(12) + size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)),
    "WebP": (b"RIFF\0\0\0\0WEBP",),
    "AVIF": tuple(b"\0\0\0\x18ftyp" + brand for brand in (b"avif", b"avis", b"avio", b"MA1A", b"MA1B")),
    "HEIF": tuple(
        b"\0\0\0\x18ftyp" + brand
        for brand in (
            *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"mif3"),
            *(b"msf1", b"miaf", b"MiHA", b"MiHB", b"MiHE", b"1pic", b"unif", b"avci", b"avcs", b"vvic", b"j2ki"),
            *(b"jpeg", b"jpgs"),
        )
    ),
}


def _at(signature: bytes | tuple[bytes, int]) -> bytes:
    magic, offset = signature if isinstance(signature, tuple) else (signature, 0)
    return b"\x07" * offset + magic


@pytest.mark.parametrize(
    ("what", "advice", "head"),
    [
        pytest.param(what, advice, _at(signature), id=f"{what} {number}")
        for advice, kinds in REFUSED.items()
        for what, signatures in kinds.items()
        for number, signature in enumerate(signatures)
    ],
)
def test_what_cannot_be_read_is_called_by_its_name(what: str, advice: str, head: bytes) -> None:
    with pytest.raises(UnsupportedFormatError) as raised:
        recognize(head)
    assert str(raised.value) == f"The file is {what}. {advice}"


@pytest.mark.parametrize("name", TAKEN)
def test_what_can_be_read_is_recognized(name: str) -> None:
    assert {recognize(head) for head in TAKEN[name]} == {name}


def test_a_brand_is_the_major_one_or_else_one_of_the_compatible() -> None:
    def file(major: bytes, *compatible: bytes, size: int | None = None) -> bytes:
        whole = 16 + 4 * len(compatible)
        return (size or whole).to_bytes(4) + b"ftyp" + major + bytes(4) + b"".join(compatible)

    assert recognize(file(b"mif1", b"heic", b"avif")) == "AVIF"
    assert recognize(file(b"avif", b"heic")) == "AVIF"
    assert recognize(file(b"heic", b"avif")) == "HEIF"
    assert recognize(file(b"XXXX", b"mif1")) == "HEIF"
    # What follows the list of brands, or lies behind 512 bytes, is none.
    for head in (file(b"XXXX", b"mif1", size=16), file(b"XXXX", *[b"XXXX"] * 124, b"mif1"), file(b"isom", b"mif1")):
        with pytest.raises(UnsupportedFormatError, match="an MP4 video"):
            recognize(head)
    assert recognize(file(b"XXXX", *[b"XXXX"] * 123, b"mif1")) == "HEIF"
    assert recognize(file(b"crx ")) == recognize(b"II*\0\0\0\0\0CR") == recognize(b"FUJIFILMCCD-RAW")
    assert recognize(b"II*\0\0\0\0\0XX") == "TIFF"


def test_a_file_of_zeros_has_lost_its_contents() -> None:
    with pytest.raises(CorruptImageError, match="nothing but zeros"):
        recognize(bytes(4096))
