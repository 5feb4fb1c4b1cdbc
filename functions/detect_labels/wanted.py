"""Which labels a person wants: as far as possible in DetectLabels' own parameters, so that one call is paid."""

import json
from typing import TYPE_CHECKING, Any

from detect_labels.environment import DetectLabelsEnvironment, WithImageProperties

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef


def parameters(environment: DetectLabelsEnvironment) -> dict[str, Any]:
    """Return DetectLabels' parameters other than Image; the lowest confidence that any label may have is asked for."""
    lowest = min([environment.min_confidence, *confidences(environment).values()])
    asked: dict[str, Any] = {"MaxLabels": environment.max_labels, "MinConfidence": lowest}
    if filters := json.loads(environment.label_filters):
        asked["Settings"] = {"GeneralLabels": filters}
    if WithImageProperties.is_set():
        asked["Features"] = ["GENERAL_LABELS", "IMAGE_PROPERTIES"]
    return asked


def only_wanted(
    answer: "DetectLabelsResponseTypeDef", environment: DetectLabelsEnvironment
) -> "DetectLabelsResponseTypeDef":
    """Return the answer without labels under their confidence, their own or `min_confidence`; their boxes go along."""
    least = confidences(environment)
    wanted = [
        label
        for label in answer["Labels"]
        if label["Confidence"] >= least.get(label["Name"], environment.min_confidence)
    ]
    return {**answer, "Labels": wanted}


def confidences(environment: DetectLabelsEnvironment) -> dict[str, float]:
    """Return the least confidence in percent of each label that has one of its own."""
    found: dict[str, float] = json.loads(environment.label_confidence)
    return found
