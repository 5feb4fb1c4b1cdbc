"""Writing a JPEG that Rekognition takes: as many pixels as fit, and of those as good as fit."""

import math
from pathlib import Path

from PIL import Image as Pillow

from shared.limits import MAX_BYTES

# Rekognition looks at shapes: fewer details in each pixel cost it less than fewer pixels.
QUALITIES = (92, 85, 75)
# A picture scaled to the size that should just fit sometimes does not.
MARGIN = 0.95


def write(image: Pillow.Image, path: Path, did: list[str]) -> tuple[int, int]:
    """Write `image` to `path` in at most 15 MB; return its sides in pixels."""
    for quality in QUALITIES:
        image.save(path, "JPEG", quality=quality)
        if path.stat().st_size <= MAX_BYTES:
            return image.size
    scale = MARGIN * math.sqrt(MAX_BYTES / path.stat().st_size)
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    did.append(f"scaled to {size[0]} × {size[1]} pixels to have at most 15 MB")
    return write(image.resize(size, Pillow.Resampling.LANCZOS), path, did)
