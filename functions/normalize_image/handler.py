"""NormalizeImage: make a Rekognition-ready JPEG of a photo that Rekognition cannot look at as it is."""

import tempfile
from pathlib import Path
from typing import Any

from imagelabels_shared.environment import CustomLabelsModel
from imagelabels_shared.models import Image, Normalized
from imagelabels_shared.observability import logger, step
from imagelabels_shared.work_objects import COPIES, work_object
from normalize_image.sandbox import convert_safely
from normalize_image.transfer import download, upload


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    image: Image = event["image"]
    with tempfile.TemporaryDirectory() as folder:
        return dict(normalize(image, Path(folder)))


def normalize(image: Image, folder: Path) -> Image:
    """Return `image` with its sides and its copy. Raises what `download`, `convert_safely` and `upload` raise."""
    original, copy = folder / "original", folder / "copy.jpg"
    download(image, original)
    converted = convert_safely(original, copy, image["format"], custom_labels=CustomLabelsModel.is_set())
    target = work_object(COPIES, image, "jpg")
    upload(copy, target)
    size = copy.stat().st_size
    logger().append_keys(format=image["format"], did=converted["did"], reasons=image["reasons"], copy_bytes=size)
    width, height = converted["copy"]
    original_width, original_height = converted["original"]
    normalized = Normalized(**target, width=width, height=height, size=size, did=converted["did"])
    return {**image, "width": original_width, "height": original_height, "normalized": normalized}
