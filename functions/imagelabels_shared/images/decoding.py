"""Decoding uploaded files: Pillow's limits, its errors as errors of the state machine, and the orientation by EXIF."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags
from PIL import Image as Pillow

from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.images.complaints import not_the_photos_fault, rejection
from imagelabels_shared.images.limits import MAX_PIXELS

UPRIGHT = 1
Turn = Pillow.Transpose
# EXIF 2.32, tag 0x0112: the operation that makes the stored picture upright.
TURNS = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_270,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_90,
}
# XMP may repeat the orientation, and programs that turn a photo forget it there. Rekognition and phones do not read it.
XMP = ("xmp", "XML:com.adobe.xmp")


@contextmanager
def decoding() -> Iterator[None]:
    """Raise an error of `REJECTIONS` for whatever Pillow raises on an uploaded file, with a sentence for its owner.

    Do not call AWS inside, because an error of AWS would become a rejection of the photo.
    ImportError and a refusal of the sandbox are raised unchanged, because the photo is not at fault.
    """
    Pillow.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            yield
    except REJECTIONS:
        raise
    except Exception as error:
        if not_the_photos_fault(error):
            raise
        # A decoder may raise any error on a damaged file.
        raise rejection(error) from error


def orientation(image: Pillow.Image) -> int:
    """Return the EXIF orientation, 1 (upright) to 8; 1 when there is none or it cannot be read."""
    bare = Pillow.Image()
    bare.info = {name: value for name, value in image.info.items() if name not in XMP}
    try:
        if "exif" not in bare.info and (tags := getattr(image, "tag_v2", None)) is not None:
            value = tags.get(ExifTags.Base.Orientation, UPRIGHT)
        else:
            # The `getexif` of a PNG decodes all pixels, because EXIF data may come after them.
            value = bare.getexif().get(ExifTags.Base.Orientation, UPRIGHT)
    except Exception:  # noqa: BLE001  # a photo with broken metadata is still a photo
        return UPRIGHT
    return value if value in range(1, 9) else UPRIGHT


def turned_upright(image: Pillow.Image, how: int) -> Pillow.Image:
    """Return the picture turned as an EXIF orientation asks."""
    return image.transpose(TURNS[how]) if how in TURNS else image
