"""Findings in the shape of Rekognition's DetectLabels answer."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from imagelabels.local.recognizer.detectors import Box, Finding
from imagelabels.local.recognizer.taxonomy import entries


def labels(findings: list[Finding], min_confidence: float) -> list[dict[str, Any]]:
    """Group findings by name, surest first, then the most special; a label is as sure as its surest finding."""
    by_name: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.confidence >= min_confidence:
            by_name[finding.name].append(finding)
    found = [_label(group) for group in by_name.values()]
    return sorted(found, key=lambda one: (-one["Confidence"], -len(one["Parents"]), one["Name"]))


def is_wanted(label: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    """Whether DetectLabels' GeneralLabels filters let a label through: an exclusion outweighs an inclusion."""
    names, categories = {label["Name"]}, {category["Name"] for category in label["Categories"]}
    if names & {*filters.get("LabelExclusionFilters", [])}:
        return False
    if categories & {*filters.get("LabelCategoryExclusionFilters", [])}:
        return False
    wanted, of = filters.get("LabelInclusionFilters", []), filters.get("LabelCategoryInclusionFilters", [])
    return bool(not (wanted or of) or names & {*wanted} or categories & {*of})


def _surest(group: list[Finding]) -> float:
    return max(finding.confidence for finding in group)


def _label(group: list[Finding]) -> dict[str, Any]:
    name = group[0].name
    known = entries().get(name)
    return {
        "Name": name,
        "Confidence": _surest(group),
        "Instances": [_instance(finding.box, finding.confidence) for finding in group if finding.box],
        "Parents": _named(known.parents if known else ()),
        "Aliases": _named(known.aliases if known else ()),
        "Categories": _named(known.categories if known else ()),
    }


def _named(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"Name": name} for name in names]


def _instance(box: Box, confidence: float) -> dict[str, Any]:
    rectangle = {"Width": box.width, "Height": box.height, "Left": box.left, "Top": box.top}
    return {"BoundingBox": rectangle, "Confidence": confidence}
