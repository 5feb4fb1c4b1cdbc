"""What a report says of the photo itself: its name, size and format, and what was converted."""

from typing import Any, NamedTuple

from imagelabels_shared.report.words import size
from imagelabels_shared.text import one_line


class Fact(NamedTuple):
    """A line of a report: what it is about, and what is said; `fact` makes it."""

    name: str
    value: str


def fact(name: str, value: str) -> Fact:
    """Return a line of a report whose value anybody may have chosen."""
    return Fact(name, one_line(value))


def photo_facts(image: dict[str, Any]) -> list[Fact]:
    """Return what is known of the photo; a rejected one may have no format, a failed one not even a name."""
    if not image:
        return []
    facts = [fact("Photo", image["key"]), fact("Bucket", image["bucket"])]
    if "format" in image:
        sides = f"{image['width']} × {image['height']} pixels" if "width" in image else ""
        facts.append(fact("Format", ", ".join(part for part in (image["format"], sides, size(image["size"])) if part)))
    if copy := image.get("normalized"):
        done = "; ".join(copy["did"])
        facts.append(
            fact("Looked at", f"a JPEG copy, {copy['width']} × {copy['height']} pixels" + f": {done}" * bool(done))
        )
    return facts
