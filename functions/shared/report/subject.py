"""The mail's subject: one short line, whatever the key contains."""

import unicodedata

from shared.models import Report

# SNS: "UTF-8 text with no line breaks or control characters, and less than 100 characters" (Publish API).
MAX_CHARACTERS = 99
MAX_LABELS, MAX_LABEL_CHARACTERS = 3, 60
UNKNOWN = "an unknown photo"


def title(report: Report) -> str:
    """Return the subject of a report: what was found, and the photo's name."""
    key = report["image"].get("key", UNKNOWN)
    if report["outcome"] == "REJECTED":
        return subject("Not labelled", key)
    if report["outcome"] == "FAILED":
        return subject("Labelling FAILED", key)
    return subject(summary(report), key)


def summary(report: Report) -> str:
    """Return the surest labels in a few words."""
    names = ", ".join(label["name"] for label in report["labels"][:MAX_LABELS])
    return names[:MAX_LABEL_CHARACTERS] or "No labels"


def one_line(text: str) -> str:
    """Show control characters, line breaks and direction marks as `·`, so that no text can break a line."""
    return "".join(
        "·" if unicodedata.category(character)[0] in "CZ" and character != " " else character for character in text
    )


def subject(lead: str, key: str) -> str:
    """Return `lead` and the photo's name; the start of a long name goes, its end tells photos apart."""
    return f"{lead}: {ending(key.rsplit('/', 1)[-1] or key, MAX_CHARACTERS - len(lead) - len(': '))}"


def ending(text: str, room: int) -> str:
    """Return the last `room` characters of a text on one line."""
    line = one_line(text)
    return line if len(line) <= room else "…" + line[-(room - 1) :]
