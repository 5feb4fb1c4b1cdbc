"""What one state hands to the next, as tests need it."""

from typing import Any

from imagelabels_shared.models import Detection, Image, ImageProperties, Label, ObjectReference, Turn
from tests.unit.conftest import IMAGES, WORK

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:label-image:first"


def image(**fields: Any) -> Image:
    """Return a pinned photo."""
    photo = Image(
        bucket=IMAGES,
        key="photos/a.jpg",
        versionId="v1",
        etag="b1946ac9",
        size=2_500_000,
        format="JPEG",
        width=640,
        height=480,
        needsNormalizing=False,
        reasons=[],
    )
    photo.update(fields)  # type: ignore[typeddict-item]  # a test may break the shape
    return photo


def label(name: str = "Dog", confidence: float = 98.7, **fields: Any) -> Label:
    found = Label(name=name, confidence=confidence, parents=["Animal"], categories=["Animals and Pets"], instances=1)
    found.update(fields)  # type: ignore[typeddict-item]  # a test may break the shape
    return found


def detection(
    *labels: Label, at: str = "2026-11-22T12:00:00.000Z", properties: ImageProperties | None = None
) -> Detection:
    answer = ObjectReference(bucket=WORK, key="detections/digest/v1.json")
    turn = Turn(wait=False, at=at, before=0, number=1)
    return Detection(
        labels=list(labels), modelVersion="3.0", detectedAt=at, answer=answer, turn=turn, imageProperties=properties
    )
