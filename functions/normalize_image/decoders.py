"""Opening a photo with the decoder of its format only."""

from typing import BinaryIO

import pillow_heif
from PIL import (
    AvifImagePlugin,  # noqa: F401  # importing a plugin registers its format in Pillow
    Jpeg2KImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401  # Pillow imports it on demand, and the sandbox cannot open files then
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)
from PIL import Image as Pillow

from imagelabels_shared.errors import ImageTooLargeError, UnsupportedFormatError
from imagelabels_shared.images.jpeg_scans import check_scans
from imagelabels_shared.images.limits import check_sides

# Our names, and Pillow's. Uploaded files never reach a decoder that is not in this list.
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
# While they decode, these decoders hold a picture four times or more in memory (measured: docs/images.md).
MANY_COPIES = {"JPEG 2000", "WebP"}
MAX_PIXELS_OF_MANY = 100_000_000
# TIFF tags: a RAW file has a DNG version, or its first page is a reduced picture.
DNG_VERSION, SUBFILE_TYPE, REDUCED = 50706, 254, 1

Pillow.preinit()
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def opened(file: BinaryIO, name: str, decoder: str) -> Pillow.Image:
    """Open the first picture of a file of format `name` without decoding its pixels. Call it inside `decoding`.

    Raises UnsupportedFormatError, CorruptImageError, ImageTooSmallError or ImageTooLargeError.
    """
    if name == "JPEG":
        check_scans(file.read())
        file.seek(0)
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


def _refuse_raw(image: Pillow.Image) -> None:
    tags = getattr(image, "tag_v2", {})
    if DNG_VERSION in tags or tags.get(SUBFILE_TYPE) == REDUCED:
        raise UnsupportedFormatError(
            "The file is a RAW photo. Export it as JPEG from your photo software and upload that."
        )
