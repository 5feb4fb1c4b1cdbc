"""The part of Rekognition's answer that the state machine carries; its size has a limit."""

from typing import TYPE_CHECKING

from detect_labels.custom_labels import SOURCE
from imagelabels_shared.models import CUSTOM, Label

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef, LabelTypeDef

# Rekognition's labels have at most a few parents and categories; a longer list would be an error.
MAX_RELATED = 10


def summarize(answer: "DetectLabelsResponseTypeDef", max_labels: int) -> list[Label]:
    """Return at most `max_labels` labels, the highest confidence first; a child before a parent of equal confidence.

    Those of a person's own model come first, so that others cannot crowd them out: confidences of two models do not
    compare.
    """
    ranked = sorted(answer["Labels"], key=_rank)
    return [_label(label) for label in ranked[:max_labels]]


def _rank(label: "LabelTypeDef") -> tuple[bool, float, int, str]:
    return SOURCE not in label, -label["Confidence"], -len(label.get("Parents", [])), label["Name"]


def _label(label: "LabelTypeDef") -> Label:
    found = Label(
        name=label["Name"],
        confidence=label["Confidence"],
        parents=[parent["Name"] for parent in label.get("Parents", [])][:MAX_RELATED],
        categories=[category["Name"] for category in label.get("Categories", [])][:MAX_RELATED],
        instances=len(label.get("Instances", [])),
    )
    if SOURCE in label:
        found["source"] = CUSTOM
    return found
