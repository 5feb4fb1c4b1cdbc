"""The photo, small, with the boxes of its labels drawn on it."""

import io
import json
from typing import Any

from PIL import Image

from send_digest.objects import fetch
from shared import boxes
from shared.boxes import Box
from shared.models import Report

LONGEST_SIDE_PX = 640
QUALITY = 82
MOST_BOXES = 30


def picture(report: Report) -> bytes | None:
    """Return a JPEG of the photo that Rekognition looked at; None when there is none, or it is gone.

    Raises what `shared.aws.permitted` raises.
    """
    if "answer" not in report:
        return None
    seen = report["image"].get("normalized") or report["image"]
    photo = fetch(seen["bucket"], seen["key"], seen.get("versionId"))
    answer = fetch(report["answer"]["bucket"], report["answer"]["key"])
    if photo is None:
        return None
    names = {label["name"] for label in report["labels"]}
    return draw(photo, boxes_of(json.loads(answer or b'{"Labels": []}'), names))


def boxes_of(answer: dict[str, Any], names: set[str]) -> list[Box]:
    """Return the boxes of the labels with these names; the answer has more, of which people are not told."""
    return boxes.boxes({"Labels": [label for label in answer["Labels"] if label["Name"] in names]})


def draw(photo: bytes, found: list[Box]) -> bytes:
    """Return the photo as a small, upright JPEG with named boxes."""
    small = _small(photo)
    boxes.draw(small, found[:MOST_BOXES])
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _small(photo: bytes) -> Image.Image:
    with Image.open(io.BytesIO(photo)) as opened:
        # A JPEG is decoded at about the size that is wanted, which takes a fraction of the time and memory.
        opened.draft("RGB", (2 * LONGEST_SIDE_PX, 2 * LONGEST_SIDE_PX))
        upright = boxes.upright(opened)
        upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        return upright.convert("RGB")
