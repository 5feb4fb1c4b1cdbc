"""The lines of a report about the photo: its name, size, format and conversion."""

from typing import Any, NamedTuple

from imagelabels_shared.report.words import size
from imagelabels_shared.text import one_line


class Fact(NamedTuple):
    """One line of a report, with a name and a value that is safe to show; `fact` makes it."""

    name: str
    value: str


def fact(name: str, value: str) -> Fact:
    """Return a line of a report with an untrusted value made safe."""
    return Fact(name, one_line(value))


def photo_facts(image: dict[str, Any]) -> list[Fact]:
    """Return the lines about a photo; of a rejected or failed one, fields of `image` may be missing, or all of them."""
    if not image:
        return []
    facts = [fact("Photo", image["key"])]
    if "format" in image:
        sides = f"{image['width']} × {image['height']} pixels" if "width" in image else ""
        facts.append(fact("Format", ", ".join(part for part in (image["format"], sides, size(image["size"])) if part)))
    if copy := image.get("normalized"):
        done = "; ".join(copy["did"])
        facts.append(
            fact("Looked at", f"a JPEG copy, {copy['width']} × {copy['height']} pixels" + f": {done}" * bool(done))
        )
    return facts


def place_facts(image: dict[str, Any]) -> list[Fact]:
    """Return the lines about where a photo is, for who operates the stack."""
    if not image:
        return []
    version = [fact("Version", image["versionId"])] if image.get("versionId") else []
    return [fact("Bucket", image["bucket"]), *version]
