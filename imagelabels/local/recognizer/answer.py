"""Findings in the shape of Rekognition's DetectLabels answer."""

from collections import defaultdict
from typing import Any

from imagelabels.local.recognizer.detectors import Box, Finding

PARENTS = {"Face": ["Person"]}
CATEGORIES = {"Face": "Person Description", "Person": "Person Description", "QR Code": "Text and Documents"}


def labels(findings: list[Finding], max_labels: int, min_confidence: float) -> list[dict[str, Any]]:
    """Group findings by name, surest first; a label's confidence is that of its surest finding."""
    by_name: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.confidence >= min_confidence:
            by_name[finding.name].append(finding)
    ranked = sorted(by_name.values(), key=lambda group: (-_surest(group), group[0].name))
    return [_label(group) for group in ranked[:max_labels]]


def _surest(group: list[Finding]) -> float:
    return max(finding.confidence for finding in group)


def _label(group: list[Finding]) -> dict[str, Any]:
    name = group[0].name
    return {
        "Name": name,
        "Confidence": _surest(group),
        "Instances": [_instance(finding.box, finding.confidence) for finding in group if finding.box],
        "Parents": [{"Name": parent} for parent in PARENTS.get(name, [])],
        "Aliases": [],
        "Categories": [{"Name": CATEGORIES[name]}] if name in CATEGORIES else [],
    }


def _instance(box: Box, confidence: float) -> dict[str, Any]:
    rectangle = {"Width": box.width, "Height": box.height, "Left": box.left, "Top": box.top}
    return {"BoundingBox": rectangle, "Confidence": confidence}
