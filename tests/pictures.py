"""Pictures made on the spot."""

import io

from PIL import Image


def picture(file_format: str = "JPEG", width: int = 120, height: int = 90) -> bytes:
    """Return an image file of one colour; sides in pixels."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, file_format)
    return file.getvalue()
