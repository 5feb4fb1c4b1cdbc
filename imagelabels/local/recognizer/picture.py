"""The pixels that Rekognition would look at, or its refusal: docs.aws.amazon.com/rekognition/latest/dg/limits.html.

Custom Labels has its own limits: docs.aws.amazon.com/rekognition/latest/customlabels-dg/limits.html.
"""

import io
from typing import NamedTuple, cast

import cv2
import numpy as np
from PIL import Image as Pillow

from imagelabels.local.recognizer.detectors import Image
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels_shared.images.essentials import essential
from imagelabels_shared.images.jpeg_markers import MAX_SCANS, first_picture

MAX_OBJECT_BYTES = 15 * 1024 * 1024
MAX_INLINE_BYTES = 5 * 1024 * 1024


class Limits(NamedTuple):
    """What an operation takes: `inline_bytes` in the request, sides in pixels, and how much longer one side may be."""

    inline_bytes: int
    min_side: int
    max_side: int
    ratio: float


DETECT_LABELS = Limits(MAX_INLINE_BYTES, 80, 10_000, float("inf"))
DETECT_CUSTOM_LABELS = Limits(4 * 1024 * 1024, 64, 4096, 20)
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def decode(data: bytes, limits: Limits = DETECT_LABELS) -> Image:
    """Return BGR pixels, upright when a JPEG says how; raises RefusedError with Rekognition's error name."""
    if not data.startswith((JPEG, PNG)):
        raise RefusedError("InvalidImageFormatException", "Request has invalid image format")
    _check_header(data, limits)
    # Rekognition honours the orientation of a JPEG and ignores that of a PNG.
    turn = 0 if data.startswith(JPEG) else cv2.IMREAD_IGNORE_ORIENTATION
    image = _decoded(data, cv2.IMREAD_COLOR | turn)
    if image is None:
        raise RefusedError("InvalidImageFormatException", "Request has invalid image format")
    short, long = sorted(image.shape[:2])
    if short < limits.min_side:
        raise RefusedError("InvalidParameterException", "Request has invalid parameters: the image is too small")
    if long > limits.ratio * short:
        raise RefusedError("InvalidParameterException", "Request has invalid parameters: the image is too narrow")
    return image


def _check_header(data: bytes, limits: Limits) -> None:
    """Refuse what would keep this process busy or fill its memory, before OpenCV decodes it."""
    if data.startswith(JPEG) and len(first_picture(data).scans) > MAX_SCANS:
        raise RefusedError("InvalidImageFormatException", "Request has invalid image format")
    try:
        with Pillow.open(io.BytesIO(essential(data)), formats=("JPEG", "PNG")) as image:
            sides = image.size
    except Pillow.DecompressionBombError as error:
        raise RefusedError("ImageTooLargeException", "Image dimensions: too many pixels") from error
    except Exception as error:
        # On a damaged file it may raise anything.
        raise RefusedError("InvalidImageFormatException", "Request has invalid image format") from error
    if max(sides) > limits.max_side:
        raise RefusedError("ImageTooLargeException", "Image dimensions: too many pixels")


def _decoded(data: bytes, flags: int) -> Image | None:
    try:
        return cast("Image | None", cv2.imdecode(np.frombuffer(data, np.uint8), flags))
    except cv2.error:
        return None
