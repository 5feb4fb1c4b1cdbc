"""The photos of a digest, grouped by outcome, failures first."""

from typing import NamedTuple

from imagelabels_shared.models import Report
from imagelabels_shared.report.doctor import is_test


class Group(NamedTuple):
    """Photos with the same outcome; `heading` is the title above their lines, `short` the word in counts."""

    heading: str
    short: str
    reports: list[Report]


def groups(reports: list[Report]) -> list[Group]:
    """Return the groups that have a photo; the photos of each are sorted by key."""
    every = [
        Group("Failed, and not because of the photo", "failed", []),
        Group("Rejected", "rejected", []),
        Group("Nothing recognised", "nothing recognised", []),
        Group("Labelled", "labelled", []),
    ]
    for report in sorted(reports, key=lambda report: report["image"].get("key", "")):
        every[_position(report)].reports.append(report)
    return [group for group in every if group.reports]


def _position(report: Report) -> int:
    if report["outcome"] != "LABELLED":
        return ("FAILED", "REJECTED").index(report["outcome"])
    return 3 if report["labels"] or is_test(report) else 2
