"""The JPEG preview that a camera stores in a RAW file: the largest one, turned as the RAW file says.

RAW files of all makers hold whole JPEG files. These are looked for by their markers, not by each maker's tags.
"""

import io

from PIL import ExifTags, TiffImagePlugin
from PIL import Image as Pillow

from imagelabels_shared.errors import UnsupportedFormatError
from imagelabels_shared.images.decoding import TURNS, UPRIGHT, orientation, turned_upright
from imagelabels_shared.images.jpeg_markers import Picture, essential, first_picture
from normalize_image.pillow_reader import read

# Below this, a preview is a thumbnail for the camera's display, in which little can be recognized.
MIN_PREVIEW_PX = 640
# Sensor data contain the bytes of a start marker by chance about once in 16 MB.
MOST_CANDIDATES = 64
# Baseline, extended and progressive frames; sensor data are often a lossless JPEG (C3).
PREVIEW_FRAMES, PREVIEW_BITS = {0xC0, 0xC1, 0xC2}, 8
START = b"\xff\xd8\xff"
# Panasonic and Olympus write other magic numbers into a TIFF header; Canon CR3 has a TIFF header in this box.
TIFF_STARTS = {b"II": b"II*\0", b"MM": b"MM\0*"}
CR3_TAGS = b"CMT1"
TIFF_HEADER_BYTES = 8


def read_preview(data: bytes, did: list[str]) -> Pillow.Image:
    """Return the largest preview, decoded and upright. Raises UnsupportedFormatError and what decoders raise."""
    found = [one for one in _pictures(data) if _is_preview(one)]
    if not found:
        raise UnsupportedFormatError(
            "The file is a RAW photo without a preview. Export it as JPEG from your photo software and upload that."
        )
    largest = max(found, key=_area)
    if largest.frame and max(largest.frame.width, largest.frame.height) < MIN_PREVIEW_PX:
        raise UnsupportedFormatError(
            f"The file is a RAW photo whose preview has only {largest.frame.width} × {largest.frame.height} pixels. "
            "Export it as JPEG from your photo software and upload that."
        )
    image = read(io.BytesIO(essential(data, largest)), "JPEG")
    image.load()
    did.append(f"from the preview in the RAW file, {image.width} × {image.height}")
    how = orientation(image) if "exif" in image.info else _orientation(data)
    image.info.pop("exif", None)
    if how in TURNS:
        did.append("turned upright")
    return turned_upright(image, how)


def _pictures(data: bytes) -> list[Picture]:
    found = list[Picture]()
    at = data.find(START)
    while at >= 0 and len(found) < MOST_CANDIDATES:
        one = first_picture(data, at)
        found.append(one)
        # A preview's own thumbnail lies inside it.
        at = data.find(START, one.stop if one.ended else at + len(START))
    return found


def _is_preview(picture: Picture) -> bool:
    frame = picture.frame
    return bool(
        picture.ended and picture.scans and frame and frame.code in PREVIEW_FRAMES and frame.bits == PREVIEW_BITS
    )


def _area(picture: Picture) -> int:
    return picture.frame.width * picture.frame.height if picture.frame else 0


def _orientation(data: bytes) -> int:
    """Return the orientation in the first directory of the RAW file; 1 when it has none that can be read."""
    box = data.find(CR3_TAGS)
    start = box + len(CR3_TAGS) if data[4:8] == b"ftyp" and box >= 0 else 0
    header = TIFF_STARTS.get(data[start : start + 2], b"") + data[start + 4 : start + TIFF_HEADER_BYTES]
    try:
        tags = TiffImagePlugin.ImageFileDirectory_v2(header)
        file = io.BytesIO(data[start:])
        file.seek(tags.next)
        tags.load(file)
        value = tags.get(ExifTags.Base.Orientation, UPRIGHT)
    except Exception:  # noqa: BLE001  # a photo with broken metadata is still a photo
        return UPRIGHT
    return value if value in TURNS else UPRIGHT
