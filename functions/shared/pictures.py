"""Pillow on files that anybody may have made: its guards set in one place, its complaints in our words."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import ExifTags, ImageCms
from PIL import Image as Pillow

from shared.errors import CorruptImageError, ImageTooLargeError, ImageTooSmallError, UnsupportedFormatError
from shared.limits import MAX_PIXELS

REJECTIONS = (CorruptImageError, ImageTooLargeError, ImageTooSmallError, UnsupportedFormatError)
UPRIGHT = 1
BOMBS = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning, MemoryError)


@contextmanager
def decoding() -> Iterator[None]:
    """Run Pillow on a stranger's file; only `REJECTIONS` come out, each with a sentence for its owner.

    Inside belong the file's bytes and nothing else: no call to AWS, whose errors would be blamed on the photo.
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
        # On a damaged file a decoder may raise anything; whatever it is, the file is at fault.
        raise CorruptImageError(
            "The file starts like a photo, but its contents are damaged or cut off. Upload an intact copy."
        ) from error


def orientation(image: Pillow.Image) -> int:
    """Return the EXIF orientation, 1 (upright) to 8; an EXIF block that cannot be read says nothing."""
    try:
        # A PNG's own `getexif` decodes all pixels in search of a note behind them.
        value = Pillow.Image.getexif(image).get(ExifTags.Base.Orientation, UPRIGHT)
    except Exception:  # noqa: BLE001  # broken metadata is no reason to refuse a photo
        return UPRIGHT
    return value if value in range(1, 9) else UPRIGHT


def colour_profile(image: Pillow.Image) -> Any:
    """Return the photo's ICC profile opened, None without one; raises ImageCms.PyCMSError when it is broken."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, TypeError, ValueError) as error:
        raise ImageCms.PyCMSError(error) from error
