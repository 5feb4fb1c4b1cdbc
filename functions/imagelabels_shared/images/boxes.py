"""The boxes of DetectLabels' answer."""

from typing import Any, NamedTuple

Sides = tuple[float, float, float, float]


class Box(NamedTuple):
    """What was seen in one place: its names, the surest first. `confidence` in percent.

    `sides` are left, top, width and height as shares of the picture's, from 0 to 1.
    """

    names: list[str]
    confidence: float
    sides: Sides


def boxes(answer: dict[str, Any]) -> list[Box]:
    """Return every box in DetectLabels' whole answer; a label without a place in the picture has none."""
    found: dict[Sides, Box] = {}
    for label in answer["Labels"]:
        for one in label.get("Instances", []):
            sides = _sides(one["BoundingBox"])
            # A face is a person, too: the same box comes once for each label.
            found.setdefault(sides, Box([], one["Confidence"], sides)).names.append(label["Name"])
    return list(found.values())


def _sides(box: dict[str, float]) -> Sides:
    return box["Left"], box["Top"], box["Width"], box["Height"]
