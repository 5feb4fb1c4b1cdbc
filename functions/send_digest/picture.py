"""The photo, small, with the boxes of its labels drawn on it."""

import io
import json
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from send_digest.objects import fetch
from shared.models import Report

LONGEST_SIDE_PX = 640
QUALITY = 82
LINE_PX, TEXT_PX, MARGIN_PX = 3, 15, 3
MOST_BOXES = 30
# Told apart by people who do not see all colours, too (after Okabe and Ito).
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#d55e00", "#cc79a7")
Box = dict[str, float]


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
    names = [label["name"] for label in report["labels"]]
    return draw(photo, boxes(json.loads(answer or b'{"Labels": []}'), names))


def draw(photo: bytes, named: list[tuple[str, Box]]) -> bytes:
    """Return the photo as a small, upright JPEG with named boxes; a box is in parts of the photo's sides."""
    small = _small(photo)
    pen = ImageDraw.Draw(small)
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(dict(named))}
    for name, box in named[:MOST_BOXES]:
        _draw_one(pen, small.size, name, box, colours[name])
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def _small(photo: bytes) -> Image.Image:
    with Image.open(io.BytesIO(photo)) as opened:
        # A JPEG is decoded at about the size that is wanted, which takes a fraction of the time and memory.
        opened.draft("RGB", (2 * LONGEST_SIDE_PX, 2 * LONGEST_SIDE_PX))
        # Rekognition turns a JPEG upright by its EXIF, a PNG never.
        upright = opened if opened.format == "PNG" else ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        return upright.convert("RGB")


def boxes(answer: dict[str, Any], names: list[str]) -> list[tuple[str, Box]]:
    """Return the boxes with their names; what has the very same box, as a face and its person may, shares it."""
    shared: dict[str, tuple[str, Box]] = {}
    for label in answer["Labels"]:
        for instance in label.get("Instances", []) if label["Name"] in names else []:
            place = json.dumps(instance["BoundingBox"], sort_keys=True)
            others = f"{shared[place][0]}, " if place in shared else ""
            shared[place] = (others + label["Name"], instance["BoundingBox"])
    return list(shared.values())


def _draw_one(pen: ImageDraw.ImageDraw, size: tuple[int, int], name: str, box: Box, colour: str) -> None:
    left, top = box["Left"] * size[0], box["Top"] * size[1]
    right, bottom = left + box["Width"] * size[0], top + box["Height"] * size[1]
    pen.rectangle((left, top, right, bottom), outline=colour, width=LINE_PX)
    font = ImageFont.load_default(TEXT_PX)
    place = (max(left, 0) + MARGIN_PX, max(top, 0) + MARGIN_PX)
    around = pen.textbbox(place, name, font=font)
    pen.rectangle((around[0] - MARGIN_PX, around[1] - MARGIN_PX, around[2] + MARGIN_PX, around[3] + MARGIN_PX), colour)
    pen.text(place, name, "black", font=font)
