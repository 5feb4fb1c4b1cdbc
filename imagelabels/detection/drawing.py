"""Rekognition's boxes and names drawn on a copy of a photo, in a file."""

import shutil
import tempfile
from pathlib import Path

from imagelabels.errors import UserError
from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.images.boxes import LabelledBox
from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.parent import run

FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
# A PNG of 10,000 pixels a side, the largest that Rekognition takes, is 400 MB when decoded.
BOUNDS = Bounds(seconds=60, memory_bytes=2048 * 1024 * 1024, file_bytes=512 * 1024 * 1024)


def draw(photo: bytes, boxes: list[LabelledBox], target: Path) -> None:
    """Write the photo with the boxes on it to `target`, in the format of its suffix; raises UserError on failure."""
    format_ = FORMATS.get(target.suffix.lower())
    if format_ is None:
        raise UserError(f"The picture cannot be written to {target}: its name must end in {', '.join(FORMATS)}.")
    arguments = {"boxes": boxes, "format": format_, "longest_side": None}
    with tempfile.TemporaryFile() as original, tempfile.TemporaryFile() as drawn:
        original.write(photo)
        original.flush()
        try:
            run("imagelabels_shared.images.drawing", arguments, photo=original, result=drawn, bounds=BOUNDS).result()
            with target.open("wb") as written:
                shutil.copyfileobj(drawn, written)
        except (*REJECTIONS, RuntimeError) as error:
            raise UserError(f"The boxes cannot be drawn. {error}") from error
        except OSError as error:
            raise UserError(f"The picture cannot be written to {target}: {error}.") from error
