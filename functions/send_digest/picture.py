"""The photo, small, with the boxes of its labels drawn on it."""

import json
import tempfile
from typing import Any

from imagelabels_shared.images import boxes
from imagelabels_shared.images.boxes import Box
from imagelabels_shared.models import Report
from imagelabels_shared.observability import count, logger
from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.step import sandboxed
from send_digest.objects import fetch

DRAWING = "imagelabels_shared.images.drawing"
LONGEST_SIDE_PX = 640
MOST_BOXES = 30
# Seconds: a photo of 100 megapixels takes one. Memory: under the function's (infra/reports.py), less what its own
# process needs; a test holds the two together.
BOUNDS = Bounds(seconds=5, memory_bytes=1700 * 1024 * 1024, file_bytes=4 * 1024 * 1024)


def picture(report: Report) -> bytes | None:
    """Return a JPEG of the photo that Rekognition looked at; None when it is gone or cannot be drawn.

    Raises what `aws_call` raises.
    """
    seen = report["image"].get("normalized") or report["image"]
    photo = fetch(seen["bucket"], seen["key"], seen.get("versionId"))
    answer = fetch(report["answer"]["bucket"], report["answer"]["key"])
    return _drawn(photo, answer, {label["name"] for label in report["labels"]}) if photo else None


def _drawn(photo: bytes, answer: bytes | None, names: set[str]) -> bytes | None:
    try:
        return draw(photo, boxes_of(json.loads(answer or b'{"Labels": []}'), names))
    except Exception as error:  # noqa: BLE001  # a report without a picture still says what was found
        logger().warning("The photo could not be drawn", error=type(error).__name__, cause=str(error))
        count("PicturesFailed")
        return None


def boxes_of(answer: dict[str, Any], names: set[str]) -> list[Box]:
    """Return the boxes of the labels with these names; the answer has more, of which people are not told."""
    return boxes.boxes({"Labels": [label for label in answer["Labels"] if label["Name"] in names]})


def draw(photo: bytes, found: list[Box]) -> bytes:
    """Return the photo as a small, upright JPEG with named boxes; raises what `sandboxed` raises."""
    arguments = {"boxes": found[:MOST_BOXES], "format": "JPEG", "longest_side": LONGEST_SIDE_PX}
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as result:
        file.write(photo)
        file.flush()
        sandboxed(DRAWING, arguments, photo=file, result=result, bounds=BOUNDS)
        return result.read()
