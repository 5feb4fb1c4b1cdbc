"""The limits of a photo: Rekognition's for photos in S3, and ours for photos that are converted first.

Rekognition's: docs.aws.amazon.com/rekognition/latest/dg/limits.html for DetectLabels,
docs.aws.amazon.com/rekognition/latest/customlabels-dg/limits.html for DetectCustomLabels. Ours follow from
NormalizeImage's memory.
"""

from imagelabels_shared.errors import ImageTooLargeError, ImageTooSmallError

MAX_BYTES = 15 * 1024 * 1024
MIN_SIDE_PX = 80
MAX_SIDE_PX = 10_000
# DetectCustomLabels also takes at most 15 MB, and at least 64 pixels a side. No shape in CUSTOM_RATIO that is scaled
# to CUSTOM_SIDE_PX has a side under MIN_SIDE_PX.
CUSTOM_SIDE_PX = 4096
CUSTOM_RATIO = 20
# Phones make photos of up to 16,320 by 12,240 pixels; decoding one fits into the function's memory.
MAX_PIXELS = 200_000_000
# An A4 page scanned at 600 dpi, uncompressed, has 100 MiB.
MAX_ORIGINAL_BYTES = 128 * 1024 * 1024


def check_sides(width: int, height: int) -> None:
    """Raise ImageTooSmallError when a side (in pixels) is below Rekognition's minimum, before or after scaling."""
    shape = f"{width} × {height} pixels"
    if min(width, height) < MIN_SIDE_PX:
        raise ImageTooSmallError(
            f"The photo is {shape}; each side must be at least {MIN_SIDE_PX} pixels. Upload a larger version."
        )
    if min(fit(width, height)) < MIN_SIDE_PX:
        raise ImageTooSmallError(
            f"The photo is {shape}, a strip: scaled to the {MAX_SIDE_PX:,} pixels that can be labelled, its short "
            f"side would have under {MIN_SIDE_PX}. Cut it into shorter pieces and upload those."
        )


def check_pixels(width: int, height: int) -> None:
    """Raise ImageTooLargeError when a picture has more pixels than the memory of NormalizeImage takes."""
    if width * height > MAX_PIXELS:
        raise too_many_pixels()


def too_many_pixels() -> ImageTooLargeError:
    return ImageTooLargeError(
        f"The photo has more pixels than can be read ({MAX_PIXELS // 1_000_000} million). Upload a smaller version."
    )


def check_bytes(size: int) -> None:
    """Raise ImageTooLargeError when a file of `size` bytes is too large to be converted."""
    if size > MAX_ORIGINAL_BYTES:
        most = MAX_ORIGINAL_BYTES // 1024 // 1024
        raise ImageTooLargeError(
            f"The file has {size / 1024 / 1024:.0f} MiB; at most {most} MiB can be read. Upload a smaller version."
        )


def custom_labels_take_shape(width: int, height: int) -> bool:
    """Return whether DetectCustomLabels takes photos of this shape, at some size: not strips."""
    return max(width, height) <= CUSTOM_RATIO * min(width, height)


def longest_side(width: int, height: int, *, custom_labels: bool) -> int:
    """Return how long (in pixels) the longer side of a photo of this shape may be.

    `custom_labels` says whether it is for DetectCustomLabels, too. A strip is for DetectLabels alone.
    """
    return CUSTOM_SIDE_PX if custom_labels and custom_labels_take_shape(width, height) else MAX_SIDE_PX


def fit(width: int, height: int, *, custom_labels: bool = False) -> tuple[int, int]:
    """Return the sides in pixels; both are scaled down when one is over `longest_side`."""
    scale = min(1.0, longest_side(width, height, custom_labels=custom_labels) / max(width, height))
    return round(width * scale), round(height * scale)
