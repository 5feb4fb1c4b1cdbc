"""What decoders complain of, in one table: a variant that they do not read, too many pixels, or damage.

A decoder may raise any error on any file. Damage is what is left when nothing else is known.
"""

import errno
import re

from PIL import Image as Pillow

from imagelabels_shared.errors import CorruptImageError, UnsupportedFormatError
from imagelabels_shared.images.limits import too_many_pixels

BOMBS = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning, MemoryError)
# What a call answers that the sandbox refuses: then the sandbox is too narrow, and the photo is not at fault.
REFUSALS = {errno.EPERM, errno.EACCES, errno.EMFILE, errno.ENOSYS}
TOO_LARGE = re.compile("exceeds the maximum image size|Security limit exceeded: Image size")
# A regular expression for the words of Pillow, libtiff, libvips, libheif or libavif, and the variant that they mean.
UNSUPPORTED = (
    (
        "unknown pixel mode|unknown data organization|not a whole number of bytes|samples out of range",
        "a TIFF photo with an unusual kind of pixels",
    ),
    (
        "unsupported tiff image type|not a supported (format|colourspace)",
        "a TIFF photo with an unusual kind of colours",
    ),
    ("Windows Media Photo", "a JPEG XR image in a TIFF file"),
    ("compression support is not configured|is not implemented", "a TIFF photo with an unusual compression"),
    ("Unsupported BMP", "a BMP with an unusual kind of pixels"),
    ("cannot handle .*-bit layers|Unsupported JPEG data precision", "a JPEG with more than 8 bits per colour"),
    ("Unsupported marker type|Unsupported JPEG process", "a JPEG with an unusual coding"),
    (
        "has not been built in|not identified by this driver|Unsupported (feature|codec)",
        "a HEIF photo with an unusual coding",
    ),
    ("NO_CODEC_AVAILABLE|No codec available|Not implemented|Unsupported depth", "an AVIF photo with an unusual coding"),
    ("unsupported mode|unable to determine J2K image mode", "a JPEG 2000 photo with an unusual kind of colours"),
)


def not_the_photos_fault(error: BaseException) -> bool:
    """Return whether an error tells of our set-up: a missing module, or a call that the sandbox refuses."""
    return isinstance(error, ImportError) or getattr(error, "errno", None) in REFUSALS


def rejection(error: BaseException) -> Exception:
    """Return the error of `REJECTIONS` for an error of a decoder, with a sentence for the photo's owner."""
    words = str(error)
    if isinstance(error, BOMBS) or TOO_LARGE.search(words):
        return too_many_pixels()
    for pattern, variant in UNSUPPORTED:
        if re.search(pattern, words):
            return unsupported(variant)
    return CorruptImageError(
        "The file starts like a photo, but its contents are damaged or cut off. Upload an intact copy."
    )


def unsupported(variant: str) -> UnsupportedFormatError:
    """Return the rejection of an intact photo that no decoder here reads; `variant` is for "The file is ..."."""
    return UnsupportedFormatError(
        f"The file is {variant}, which cannot be read. Export it as JPEG or PNG and upload that."
    )
