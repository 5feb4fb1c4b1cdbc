"""The subject of a mail: one line of at most 99 characters."""

from imagelabels_shared.models import Report
from imagelabels_shared.report.doctor import TEST, is_test
from imagelabels_shared.text import one_line

# SNS: "UTF-8 text with no line breaks or control characters, and less than 100 characters" (Publish API).
MAX_CHARACTERS = 99
MAX_LABELS, MAX_LABEL_CHARACTERS = 3, 60
UNKNOWN = "an unknown photo"


def title(report: Report) -> str:
    """Return the subject of a report: its labels or outcome, and the photo's name."""
    key = report["image"].get("key", UNKNOWN)
    if report["outcome"] == "REJECTED":
        return subject("Rejected", key)
    if report["outcome"] == "FAILED":
        return subject("Labelling FAILED", key)
    return subject(TEST if is_test(report) else summary(report), key)


def summary(report: Report) -> str:
    """Return the names of the first labels, or `Nothing recognised`."""
    names = ", ".join(label["name"] for label in report["labels"][:MAX_LABELS])
    return one_line(names, MAX_LABEL_CHARACTERS) or "Nothing recognised"


def subject(lead: str, key: str) -> str:
    """Return `lead` and the photo's name without its folders, in at most MAX_CHARACTERS characters."""
    return f"{lead}: {one_line(key.rsplit('/', 1)[-1] or key, MAX_CHARACTERS - len(lead) - len(': '))}"
