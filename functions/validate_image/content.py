"""The format of a file by its first bytes; its name and content type may be wrong."""

from imagelabels_shared.errors import CorruptImageError, UnsupportedFormatError
from validate_image.unsupported_formats import identify

JPEG, PNG = "JPEG", "PNG"
START_BYTES = 64
# Formats that NormalizeImage decodes, by the bytes at the start of the file.
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    JPEG: (b"\xff\xd8\xff",),
    PNG: (b"\x89PNG\r\n\x1a\n",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\0"),
}
# ISO base media files have a four-letter brand (ISO/IEC 14496-12; brands: mp4ra.org).
BRANDS: dict[str, tuple[bytes, ...]] = {
    "HEIF": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"),
    "AVIF": (b"avif", b"avis"),
}
# The possible header sizes of a Windows bitmap; a text may start with "BM", too.
BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)


def recognize(head: bytes) -> str:
    """Return the format of a photo that can be labelled or converted, from the file's first bytes.

    Raises UnsupportedFormatError, which says what the file is instead, or CorruptImageError for a file of zeros.
    """
    if photo := _photo(head):
        return photo
    if not head.strip(b"\0"):
        raise CorruptImageError("The file holds nothing but zeros: its contents were lost. Upload an intact copy.")
    what, advice = identify(head)
    raise UnsupportedFormatError(f"The file is {what}. {advice}")


def _photo(head: bytes) -> str | None:
    for name, signatures in SIGNATURES.items():
        # A Canon RAW file starts as a TIFF file and has CR at offset 8.
        if head.startswith(signatures) and head[8:10] != b"CR":
            return name
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WebP"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in BMP_HEADERS:
        return "BMP"
    return None


def _brand(head: bytes) -> str | None:
    """Return the format of an ISO base media file; an AVIF may have the generic brand `mif1` before `avif`."""
    brands = head[8 : min(int.from_bytes(head[:4]), START_BYTES)]
    if brands.startswith((b"mif1", b"msf1")) and (b"avif" in brands or b"avis" in brands):
        return "AVIF"
    return next((name for name, known in BRANDS.items() if brands.startswith(known)), None)
