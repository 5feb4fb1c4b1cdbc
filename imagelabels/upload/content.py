"""What a file is by its first bytes, as far as an upload needs to know: its MIME type, or that it is no photo."""

import mimetypes
import warnings
from pathlib import Path

from PIL import Image

# Brands of HEIF and AVIF files, of which Pillow alone reads AVIF only (ISO/IEC 14496-12; brands: mp4ra.org).
PICTURE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis"}
HEAD_BYTES = 64
# What Python's own table of names lacks, and cameras write.
PICTURE_ENDINGS = {".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".jxr", ".webp"}
RAW_ENDINGS = {".3fr", ".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".srw"}
UNKNOWN = "application/octet-stream"


def content_type(file: Path) -> str:
    """Return the MIME type of a photo by its content, UNKNOWN for any other file; raises OSError."""
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if head[4:8] == b"ftyp" and PICTURE_BRANDS & set(_brands(head)):
        return "image/avif" if b"avif" in head else "image/heif"
    found = _seen_by_pillow(file)
    return found or UNKNOWN


def is_photo(file: Path) -> bool:
    """Tell whether a file is a photo, or one by its name that nobody can read; its owner must hear of the latter."""
    return content_type(file) != UNKNOWN or _is_named_as_a_picture(file.name)


def _brands(head: bytes) -> list[bytes]:
    return [head[start : start + 4] for start in range(8, min(int.from_bytes(head[:4]), len(head)), 4)]


def _seen_by_pillow(file: Path) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file) as image:
                found = Image.MIME.get(image.format or "", UNKNOWN)
    except Image.DecompressionBombError:
        return "image/*"
    except Exception:  # noqa: BLE001  # a decoder raises anything for a damaged file
        return None
    return found if found.startswith("image/") else None


def _is_named_as_a_picture(name: str) -> bool:
    ending = Path(name).suffix.lower()
    guessed = mimetypes.guess_type(f"x{ending}")[0] or ""
    return guessed.startswith("image/") or ending in PICTURE_ENDINGS | RAW_ENDINGS
