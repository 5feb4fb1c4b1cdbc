"""Opening a photo with the decoder of its format, and with no other."""

import re
from typing import BinaryIO

import pillow_heif
from PIL import (
    AvifImagePlugin,  # noqa: F401  # importing a plugin is how Pillow learns a format
    Jpeg2KImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)
from PIL import Image as Pillow

from shared.errors import CorruptImageError, ImageTooLargeError, UnsupportedFormatError
from shared.limits import check_sides

# Our names, and Pillow's. An explicit list keeps the decoders that nobody needs away from strangers' files.
DECODERS = {
    "AVIF": "AVIF",
    "BMP": "BMP",
    "GIF": "GIF",
    "HEIF": "HEIF",
    "JPEG": "JPEG",
    "JPEG 2000": "JPEG2000",
    "PNG": "PNG",
    "TIFF": "TIFF",
    "WebP": "WEBP",
}
# These decoders hold a picture four times or more while it is decoded (measured: docs/images.md).
MANY_COPIES = {"JPEG 2000", "WebP"}
MAX_PIXELS_OF_MANY = 100_000_000
# A progressive JPEG has about ten scans; thousands of them make a small file that decodes for hours.
MAX_JPEG_SCANS = 64
JPEG_END = b"\xff\xd9"
# The marker, the length of what follows, and one to four colours: ITU T.81, B.2.3.
JPEG_SCAN = re.compile(rb"\xff\xda\x00(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
# TIFF tags: what only a RAW file has (DNG version), or has on its first page (a reduced picture).
DNG_VERSION, SUBFILE_TYPE, REDUCED = 50706, 254, 1

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def opened(file: BinaryIO, name: str, decoder: str) -> Pillow.Image:
    """Open the first picture of a file of format `name`, its pixels not decoded yet; run it inside `decoding`.

    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    if name == "JPEG":
        _check_scans(file)
    image = Pillow.open(file, formats=[decoder])
    check_sides(*image.size)
    if name in MANY_COPIES and image.width * image.height > MAX_PIXELS_OF_MANY:
        raise ImageTooLargeError(
            f"The photo is {image.width} × {image.height} pixels; of {name}, at most "
            f"{MAX_PIXELS_OF_MANY // 1_000_000} million can be read. Upload it as JPEG."
        )
    if name == "TIFF":
        _refuse_raw(image)
    return image


def _check_scans(file: BinaryIO) -> None:
    data = file.read()
    file.seek(0)
    scans = [scan.start() for scan in JPEG_SCAN.finditer(data)]
    if len(scans) > MAX_JPEG_SCANS:
        raise CorruptImageError("The photo is stored in more passes than any camera makes. Export it again as JPEG.")
    # Zeros in place of the end decode as grey, and nobody would know.
    if scans and data.find(JPEG_END, scans[-1]) < 0:
        raise CorruptImageError("The end of the photo is missing: the upload was cut off. Upload an intact copy.")


def _refuse_raw(image: Pillow.Image) -> None:
    tags = getattr(image, "tag_v2", {})
    if DNG_VERSION in tags or tags.get(SUBFILE_TYPE) == REDUCED:
        raise UnsupportedFormatError(
            "The file is a RAW photo. Export it as JPEG from your photo software and upload that."
        )
