"""The report: plain text for a person, JSON for a machine."""

from typing import Any

from publish_report.facts import Facts
from publish_report.subject import one_line, subject
from shared.links import execution_link, rerun_command
from shared.models import Label

KIB = 1024


def title(facts: Facts) -> str:
    """Return the mail's subject."""
    key = facts.image.get("key", "an unknown photo")
    if facts.outcome == "REJECTED":
        return subject("Not labelled", key)
    if facts.outcome == "FAILED":
        return subject("Labelling FAILED", key)
    names = ", ".join(label["name"] for label in facts.labels[:3])
    return subject(names[:60] or "No labels", key)


def text(facts: Facts) -> str:
    """Return the mail's body: what was found or what went wrong, the photo, where to look."""
    parts = [_headline(facts), _photo(facts.image), _where(facts)]
    return "\n\n".join(part for part in parts if part) + "\n"


def document(facts: Facts) -> dict[str, Any]:
    """Return the same report for machines."""
    report = {
        "schema": 1,
        "outcome": facts.outcome,
        "image": facts.image,
        "labels": facts.labels,
        "execution": facts.execution,
    }
    return report | ({"error": facts.error} if facts.error else {})


def _headline(facts: Facts) -> str:
    cause = (facts.error or {}).get("cause", "")
    if facts.outcome == "REJECTED":
        return f"This photo was not labelled.\n{cause}"
    if facts.outcome == "FAILED":
        name = (facts.error or {}).get("name", "")
        return f"Labelling this photo failed, and not because of the photo.\n{name}: {cause}"
    if not facts.labels:
        return "Nothing was recognised in this photo with enough confidence."
    return "\n".join(["Found in this photo:", *(_line(label) for label in facts.labels)])


def _line(label: Label) -> str:
    count = f" × {label['instances']}" if label["instances"] > 1 else ""
    parents = f" ({', '.join(label['parents'])})" if label["parents"] else ""
    return f"  {label['confidence']:5.1f} %  {label['name']}{count}{parents}"


def _photo(image: dict[str, Any]) -> str:
    if not image:
        return ""
    lines = [f"Photo:  {one_line(image['key'])}", f"Bucket: {image['bucket']}"]
    if "format" in image:
        lines.append(f"Format: {image['format']}, {image['width']} × {image['height']} pixels, {size(image['size'])}")
    return "\n".join(lines)


def size(count: int) -> str:
    """Return a number of bytes as a person says it."""
    if count < KIB:
        return f"{count} bytes"
    return f"{count / KIB:.0f} KiB" if count < KIB * KIB else f"{count / KIB / KIB:.1f} MiB"


def _where(facts: Facts) -> str:
    lines = ["See each step:", f"  {execution_link(facts.execution)}"]
    if facts.image:
        lines += ["Run it again:", f"  {rerun_command(facts.execution, facts.image)}"]
    return "\n".join(lines)
