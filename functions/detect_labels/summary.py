"""The part of Rekognition's answer that the state machine carries; its size has a limit."""

from typing import TYPE_CHECKING

from imagelabels_shared.models import Label

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef, LabelTypeDef

# Rekognition's labels have at most a few parents and categories; a longer list would be an error.
MAX_RELATED = 10


def summarize(answer: "DetectLabelsResponseTypeDef", max_labels: int) -> list[Label]:
    """Return at most `max_labels` labels, the highest confidence first."""
    ranked = sorted(answer["Labels"], key=lambda label: (-label["Confidence"], label["Name"]))
    return [_label(label) for label in ranked[:max_labels]]


def _label(label: "LabelTypeDef") -> Label:
    return Label(
        name=label["Name"],
        confidence=label["Confidence"],
        parents=[parent["Name"] for parent in label.get("Parents", [])][:MAX_RELATED],
        categories=[category["Name"] for category in label.get("Categories", [])][:MAX_RELATED],
        instances=len(label.get("Instances", [])),
    )
