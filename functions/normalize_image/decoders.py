"""Opening a photo with the decoder of its format, and with no other."""

from typing import BinaryIO

import pillow_heif
from PIL import (
    AvifImagePlugin,  # noqa: F401  # importing a plugin is how Pillow learns a format
    Jpeg2KImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401  # Pillow would import it when needed, and in the sandbox nothing can be opened then
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)
from PIL import Image as Pillow

from imagelabels_shared.errors import ImageTooLargeError, UnsupportedFormatError
from imagelabels_shared.images.decoding import check_scans
from imagelabels_shared.images.limits import check_sides

# Our names, and Pillow's. An explicit list keeps the decoders that nobody needs away from uploaded files.
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
# TIFF tags: what only a RAW file has (DNG version), or has on its first page (a reduced picture).
DNG_VERSION, SUBFILE_TYPE, REDUCED = 50706, 254, 1

Pillow.preinit()
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def opened(file: BinaryIO, name: str, decoder: str) -> Pillow.Image:
    """Open the first picture of a file of format `name`, its pixels not decoded yet; run it inside `decoding`.

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
