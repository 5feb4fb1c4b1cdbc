"""Pillow on files that anybody may have made: its guards set in one place, its complaints in our words."""

import errno
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags
from PIL import Image as Pillow

from imagelabels_shared.errors import REJECTIONS, CorruptImageError, ImageTooLargeError
from imagelabels_shared.images.jpeg import END, MAX_SCANS, scans
from imagelabels_shared.images.limits import MAX_PIXELS

UPRIGHT = 1
BOMBS = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning, MemoryError)
# How the sandbox says no: a decoder that asks for more than the file is given too little, and the file is not at fault.
REFUSALS = {errno.EPERM, errno.EACCES, errno.EMFILE, errno.ENOSYS}


@contextmanager
def decoding() -> Iterator[None]:
    """Run Pillow on a file that anybody may have made; `REJECTIONS` come out, each with a sentence for its owner.

    Inside belong the file's bytes and nothing else: no call to AWS, whose errors would be blamed on the photo.
    What the sandbox refuses comes out as it is, and is our failure.
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
        # On a damaged file a decoder may raise anything; whatever it is, the file is at fault.
        raise CorruptImageError(
            "The file starts like a photo, but its contents are damaged or cut off. Upload an intact copy."
        ) from error


def check_scans(data: bytes) -> None:
    """Raise CorruptImageError for a JPEG that would keep a decoder busy, or whose end is missing."""
    starts = scans(data)
    if len(starts) > MAX_SCANS:
        raise CorruptImageError("The photo is stored in more passes than any camera makes. Export it again as JPEG.")
    # Zeros in place of the end decode as grey, and nobody would know.
    if starts and data.find(END, starts[-1]) < 0:
        raise CorruptImageError("The end of the photo is missing: the upload was cut off. Upload an intact copy.")


def orientation(image: Pillow.Image) -> int:
    """Return the EXIF orientation, 1 (upright) to 8; an EXIF block that cannot be read says nothing."""
    try:
        # A PNG's own `getexif` decodes all pixels in search of a note behind them.
        value = Pillow.Image.getexif(image).get(ExifTags.Base.Orientation, UPRIGHT)
    except Exception:  # noqa: BLE001  # broken metadata is no reason to refuse a photo
        return UPRIGHT
    return value if value in range(1, 9) else UPRIGHT
