"""What a report says of the photo itself: its name, size and format, and what was converted."""

from typing import Any, NamedTuple

from shared.report.subject import one_line
from shared.report.words import size


class Fact(NamedTuple):
    """A line of a report: what it is about, and what is said."""

    name: str
    value: str


def photo_facts(image: dict[str, Any]) -> list[Fact]:
    """Return what is known of the photo; a rejected one may have no format, a failed one not even a name."""
    if not image:
        return []
    facts = [Fact("Photo", one_line(image["key"])), Fact("Bucket", image["bucket"])]
    if "format" in image:
        sides = f"{image['width']} × {image['height']} pixels" if "width" in image else ""
        facts.append(Fact("Format", ", ".join(part for part in (image["format"], sides, size(image["size"])) if part)))
    if copy := image.get("normalized"):
        done = "; ".join(copy["did"])
        facts.append(
            Fact("Looked at", f"a JPEG copy, {copy['width']} × {copy['height']} pixels" + f": {done}" * bool(done))
        )
    return facts
