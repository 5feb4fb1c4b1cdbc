"""Numbers, labels, colours and quality in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from imagelabels_shared.image_properties import WORDS
from imagelabels_shared.models import CUSTOM, Label

KIB = 1024
# 99.9 is shown as 99 %, not rounded to 100 %.
ALMOST_SURE = 99
FULLY_SURE = 100


def percent(confidence: float) -> str:
    return f"{FULLY_SURE if confidence >= FULLY_SURE else min(round(confidence), ALMOST_SURE)} %"


def marked(name: str, source: str | None) -> str:
    """Return a label's name; one of a person's own model says so."""
    return f"{name} (custom)" if source == CUSTOM else name


def counted(label: Label) -> str:
    """Return a label's name, with its number of boxes when there are several."""
    return f"{label['name']} × {label['instances']}" if label["instances"] > 1 else label["name"]


def related(label: Label) -> str:
    """Return what a label belongs to: your own model, if it is from there, and its parents."""
    own = ["custom label"] if label.get("source") == CUSTOM else []
    return ", ".join([*own, *label["parents"]])


def shown(label: Label) -> str:
    """Return a label with its count, and in brackets what it belongs to."""
    return counted(label) + (f" ({related(label)})" if related(label) else "")


def size(count: int) -> str:
    """Return a number of bytes with its unit: bytes, KiB or MiB."""
    if count < KIB:
        return f"{count} bytes"
    return f"{count / KIB:.0f} KiB" if count < KIB * KIB else f"{count / KIB / KIB:.1f} MiB"


def colours(found: Iterable[Mapping[str, Any]]) -> str:
    """Return dominant colours (`color` and `percent`) in one line; "" for none."""
    return ", ".join(f"{one['color']} {percent(float(one['percent']))}" for one in found)


def quality(measured: Mapping[str, Any]) -> str:
    """Return a photo's quality in one line, with the words by which a search finds it; "" for none."""
    numbers = ", ".join(f"{name} {float(number):.0f}" for name, number in measured.items())
    words = [word.word for word in WORDS if word.measure in measured and float(measured[word.measure]) <= word.at_most]
    return numbers + (f" ({', '.join(words)})" if words else "")
