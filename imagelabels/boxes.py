"""Rekognition's boxes and names on a copy of a photo, in a file."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from imagelabels.errors import DeskError
from shared import boxes
from shared.boxes import Box

JPEG_QUALITY = 90


def draw(photo: bytes, found: list[Box], target: Path) -> None:
    """Write the photo with the boxes on it to `target`, in the format of its suffix; raises DeskError if it cannot."""
    picture = boxes.upright(Image.open(BytesIO(photo))).convert("RGB")
    boxes.draw(picture, found)
    try:
        picture.save(target, quality=JPEG_QUALITY)
    except (OSError, ValueError) as error:
        raise DeskError(f"The picture cannot be written to {target}: {error}.") from error
