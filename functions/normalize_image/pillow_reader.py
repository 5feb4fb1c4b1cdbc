"""Opening a photo with one of Pillow's decoders, which keeps the decoder's own words when it refuses."""

import sys
from contextlib import suppress
from typing import BinaryIO

import PIL
import pillow_heif
from PIL import (
    AvifImagePlugin,  # noqa: F401  # importing a plugin registers its format in Pillow
    Jpeg2KImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
    features,
)
from PIL import Image as Pillow

from imagelabels_shared.errors import ImageTooLargeError
from imagelabels_shared.images.decoding import XMP
from imagelabels_shared.images.limits import check_pixels, check_sides

# While they decode, these decoders hold a picture four times or more in memory (measured: docs/images.md).
MANY_COPIES = {"JPEG2000": "JPEG 2000", "WEBP": "WebP"}
MAX_PIXELS_OF_MANY = 100_000_000

Pillow.preinit()
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def read(file: BinaryIO, decoder: str) -> Pillow.Image:
    """Open the first picture of a file with the decoder of this name in Pillow. Call it inside `decoding`.

    Raises ImageTooSmallError or ImageTooLargeError, and whatever the decoder raises.
    """
    # `Pillow.open` would say "cannot identify image file" in place of the decoder's words.
    image = Pillow.OPEN[decoder][0](file, "")
    sys.stderr.write(f"Pillow opened {decoder}: {image.mode}, {image.width} × {image.height}\n")
    check_sides(*image.size)
    check_pixels(*image.size)
    if decoder in MANY_COPIES and image.width * image.height > MAX_PIXELS_OF_MANY:
        raise ImageTooLargeError(
            f"The photo is {image.width} × {image.height} pixels; of {MANY_COPIES[decoder]}, at most "
            f"{MAX_PIXELS_OF_MANY // 1_000_000} million can be read. Upload it as JPEG."
        )
    # Pillow turns a TIFF by its XMP, too, when it decodes it.
    for name in XMP:
        image.info.pop(name, None)
    return image


def note_several(image: Pillow.Image, did: list[str]) -> None:
    """Say that there are more pictures than the one that is taken; damage in those does not matter."""
    with suppress(Exception):
        if getattr(image, "is_animated", False):
            did.append("took the first of several pictures")


def libraries() -> str:
    """Return the versions of the decoders, for the operator's log."""
    inside = ("jpg", "libtiff", "jpg_2000", "avif", "webp", "zlib")
    versions = [f"{name} {features.version(name)}" for name in inside]
    return ", ".join((f"Pillow {PIL.__version__}", *versions, f"libheif {pillow_heif.libheif_version()}"))
