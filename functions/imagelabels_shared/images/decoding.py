"""Decoding uploaded files with Pillow: its limits, and its errors as errors of the state machine."""

import errno
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags
from PIL import Image as Pillow

from imagelabels_shared.errors import REJECTIONS, CorruptImageError, ImageTooLargeError
from imagelabels_shared.images.limits import MAX_PIXELS

UPRIGHT = 1
BOMBS = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning, MemoryError)
# What a call answers that the sandbox refuses: then the sandbox is too narrow, and the photo is not at fault.
REFUSALS = {errno.EPERM, errno.EACCES, errno.EMFILE, errno.ENOSYS}


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
    except BOMBS as error:
        raise ImageTooLargeError(
            f"The photo has more pixels than can be read ({MAX_PIXELS // 1_000_000} million). Upload a smaller version."
        ) from error
    except Exception as error:
        if isinstance(error, ImportError) or getattr(error, "errno", None) in REFUSALS:
            raise
        # A decoder may raise any error on a damaged file.
        raise CorruptImageError(
            "The file starts like a photo, but its contents are damaged or cut off. Upload an intact copy."
        ) from error


def orientation(image: Pillow.Image) -> int:
    """Return the EXIF orientation, 1 (upright) to 8; 1 when there is none or it cannot be read."""
    try:
        # The `getexif` of a PNG decodes all pixels, because EXIF data may come after them.
        value = Pillow.Image.getexif(image).get(ExifTags.Base.Orientation, UPRIGHT)
    except Exception:  # noqa: BLE001  # a photo with broken metadata is still a photo
        return UPRIGHT
    return value if value in range(1, 9) else UPRIGHT
