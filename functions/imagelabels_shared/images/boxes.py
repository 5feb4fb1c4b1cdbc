"""The boxes in DetectLabels' answer, each with the labels that have it."""

from typing import Any, NamedTuple

Sides = tuple[float, float, float, float]


class LabelledBox(NamedTuple):
    """One box and the `names` of its labels, in the order of the answer; `confidence` in percent.

    `sides` are left, top, width and height as fractions (0 to 1) of the picture's width and height.
    """

    names: list[str]
    confidence: float
    sides: Sides


def boxes(answer: dict[str, Any]) -> list[LabelledBox]:
    """Return every box in DetectLabels' answer; a label of the whole scene has none."""
    found: dict[Sides, LabelledBox] = {}
    for label in answer["Labels"]:
        for instance in label.get("Instances", []):
            sides = _sides(instance["BoundingBox"])
            # The same box comes once for each of its labels: a face is a person, too.
            found.setdefault(sides, LabelledBox([], instance["Confidence"], sides)).names.append(label["Name"])
    return list(found.values())


def _sides(box: dict[str, float]) -> Sides:
    return box["Left"], box["Top"], box["Width"], box["Height"]
