"""The format of a file by its first bytes; its name and content type may be wrong."""

from imagelabels_shared.errors import CorruptImageError, UnsupportedFormatError
from validate_image.unsupported_formats import identify

JPEG, PNG, RAW = "JPEG", "PNG", "RAW"
# Formats that NormalizeImage decodes, by the bytes at the start of the file.
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    JPEG: (b"\xff\xd8\xff",),
    PNG: (b"\x89PNG\r\n\x1a\n",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\0"),
    # Fujifilm, Olympus, Panasonic, Sigma. Most others start as a TIFF file, and NormalizeImage tells them apart.
    RAW: (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb"),
}
CANON_CR2, CANON_CR3 = b"CR", b"crx "
HEVC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
# ISO base media files have four-letter brands (ISO/IEC 14496-12; brands: mp4ra.org): a major one, and those of other
# formats that the file is compatible with.
BRANDS: dict[str, frozenset[bytes]] = {
    "AVIF": frozenset((b"avif", b"avis", b"avio", b"MA1A", b"MA1B")),
    "HEIF": frozenset(HEVC)
    | {b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"MiHA", b"MiHB", b"MiHE", b"1pic", b"unif"}
    # Codings that no decoder here reads, and NormalizeImage says so.
    | {b"avci", b"avcs", b"vvic", b"j2ki", b"jpeg", b"jpgs"},
}
CODED = {"AVIF": (b"avif", b"avis"), "HEIF": HEVC}
# Formats of videos, which may be compatible with a picture's brand.
VIDEOS = (b"qt  ", b"M4", b"mp4", b"iso", b"3g", b"avc1", b"crx ")
MAX_BRANDS_BYTES = 512
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
        if head.startswith(signatures):
            # A RAW file of Canon starts as a TIFF file.
            return RAW if name == "TIFF" and head[8:10] == CANON_CR2 else name
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WebP"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in BMP_HEADERS:
        return "BMP"
    return None


def _brand(head: bytes) -> str | None:
    """Return the format of an ISO base media file by its major brand, or else by those it is compatible with."""
    end = min(int.from_bytes(head[:4]), MAX_BRANDS_BYTES)
    major, others = head[8:12], {head[at : at + 4] for at in range(16, end - 3, 4)}
    if major == CANON_CR3:
        return RAW
    if major.startswith(VIDEOS):
        return None
    # `mif1` and the like say how a file is built, and not what its picture is coded with.
    specific = next((name for name, known in CODED.items() if major in known), None)
    return specific or next((name for name, known in BRANDS.items() if ({major} | others) & known), None)
