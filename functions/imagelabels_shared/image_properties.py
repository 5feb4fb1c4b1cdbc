"""How dominant colours and quality are found: the names that they have in the index `by-label`.

An index row is a name with a number from 0 to 100, like a label with its confidence.
"""

from typing import Any, NamedTuple

from imagelabels_shared.models import ImageProperties

COLOUR, QUALITY = "colour:", "quality:"
MOST = 100.0
# A colour of fewer pixels is kept with the photo, and a search for it does not find the photo.
LEAST_PERCENT = 10.0


class Word(NamedTuple):
    """A word for photos with `at_most` so much of a measure of Quality."""

    word: str
    measure: str
    at_most: float

    @property
    def name(self) -> str:
        """The name in the index; its number is 100 less the measure, so that the blurriest photo comes first."""
        return QUALITY + self.word


# Rekognition gives numbers and no words; these limits are ours (docs/image-properties.md).
WORDS = (Word("blurry", "sharpness", 30.0), Word("dark", "brightness", 25.0))
MOST_ROWS = int(MOST / LEAST_PERCENT) + len(WORDS)


def rows(properties: ImageProperties | None) -> dict[str, float]:
    """Return the rows of a photo, at most MOST_ROWS; those of WORDS for each photo, so that a limit can change."""
    if properties is None:
        return {}
    colours = [one for one in properties["dominantColors"] if one["percent"] >= LEAST_PERCENT]
    found = {COLOUR + one["color"]: one["percent"] for one in colours[: MOST_ROWS - len(WORDS)]}
    measured: dict[str, Any] = {**properties["quality"]}
    known = [word for word in WORDS if word.measure in measured]
    return found | {word.name: round(MOST - float(measured[word.measure]), 2) for word in known}


def least(name: str) -> float:
    """Return the least number with which a photo is found by a name of the index; 0 for labels and colours."""
    return next((MOST - word.at_most for word in WORDS if word.name == name), 0.0)


def index_name(text: str) -> str | None:
    """Return the name of a colour or quality that a person types: Color:Red, colour:grey, blurry; None for others."""
    kind, colon, rest = text.casefold().partition(":")
    if colon and kind in {"colour", "color"}:
        return COLOUR + rest.strip().replace("grey", "gray")
    word = rest.strip() if colon and kind == "quality" else text.casefold()
    return next((one.name for one in WORDS if one.word == word), None)
