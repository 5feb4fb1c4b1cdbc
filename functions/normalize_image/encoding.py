"""Writing a JPEG of at most 15 MiB: a lower quality is tried before fewer pixels."""

import math
import os
from typing import BinaryIO

from PIL import Image as Pillow

from imagelabels_shared.images.limits import MAX_BYTES

# Rekognition needs shapes, so a lower quality costs fewer labels than fewer pixels.
QUALITIES = (92, 85, 75)
# The size of a JPEG cannot be computed exactly before it is written.
MARGIN = 0.95


def write(image: Pillow.Image, file: BinaryIO, did: list[str]) -> tuple[int, int]:
    """Write `image` to `file` in at most 15 MiB; return its sides in pixels. `did` grows when it is scaled."""
    written = 0
    for quality in QUALITIES:
        file.seek(0)
        file.truncate()
        image.save(file, "JPEG", quality=quality)
        written = file.seek(0, os.SEEK_END)
        if written <= MAX_BYTES:
            return image.size
    scale = MARGIN * math.sqrt(MAX_BYTES / written)
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    did.append(f"scaled to {size[0]} × {size[1]} pixels to have at most 15 MiB")
    return write(image.resize(size, Pillow.Resampling.LANCZOS), file, did)
