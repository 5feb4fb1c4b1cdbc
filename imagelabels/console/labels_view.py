"""A photo's labels and the boxes drawn over it, from an execution's output and Rekognition's whole answer."""

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from imagelabels_shared.images.boxes import Sides, boxes
from imagelabels_shared.report.words import related

if TYPE_CHECKING:
    from imagelabels_shared.models import Label

MOST_BOXES = 60


class LabelBar(NamedTuple):
    """One label: `confidence` in percent, what it belongs to, and the numbers of its boxes."""

    name: str
    confidence: float
    parents: str
    instances: int
    boxes: str


class DrawnBox(NamedTuple):
    """A box in percent of the photo's sides; `number` ties it to its labels."""

    number: int
    left: float
    top: float
    width: float
    height: float
    text: str


def bars(labels: list[dict[str, Any]], drawn: list[DrawnBox], answer: dict[str, Any] | None) -> list[LabelBar]:
    """Return the labels, the surest first, each with the boxes that it has."""
    numbers: dict[str, list[int]] = {}
    for number, box in enumerate(boxes(answer) if answer else []):
        for name in box.names:
            numbers.setdefault(name, []).append(number)
    shown = {box.number for box in drawn}
    return [
        LabelBar(
            name=label["name"],
            confidence=float(label["confidence"]),
            parents=related(cast("Label", {"parents": [], **label})),
            instances=int(label.get("instances") or 0),
            boxes=" ".join(str(number) for number in numbers.get(label["name"], []) if number in shown),
        )
        for label in labels
    ]


def drawn_boxes(answer: dict[str, Any] | None, names: set[str]) -> list[DrawnBox]:
    """Return the boxes of the labels that were kept; the answer has more, of which people are not told."""
    if not answer:
        return []
    kept = [(number, box) for number, box in enumerate(boxes(answer)) if names & set(box.names)]
    return [
        DrawnBox(
            number,
            *_percent(box.sides),
            f"{', '.join(name for name in box.names if name in names)} {box.confidence:.0f} %",
        )
        for number, box in kept[:MOST_BOXES]
    ]


def _percent(sides: Sides) -> Sides:
    left, top, width, height = sides
    return 100 * left, 100 * top, 100 * width, 100 * height
