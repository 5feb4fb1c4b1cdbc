"""The settings about labels, in the form that DetectLabels takes them."""

import re
from typing import Any

# docs.aws.amazon.com/rekognition/latest/APIReference/API_GeneralLabelsSettings.html
MOST_FILTERS = 100
NAME = re.compile(r"[A-Za-z0-9àâèçñó'-_(). ]{1,50}")
PERCENT = re.compile(r"\d+(\.\d+)?")
FULLY_SURE = 100
# All environment variables of a function have 4 KB (Lambda quotas), and there are others.
MOST_CHARACTERS = 3000


def names(setting: str, text: str) -> list[str]:
    """Return the names in a list like "Car,Hot Dog"; raises ValueError with one sentence for any other text."""
    found = [name.strip() for name in text.split(",")] if text else []
    if len(found) > MOST_FILTERS or not all(NAME.fullmatch(name) for name in found):
        raise ValueError(f"{setting} must be up to {MOST_FILTERS} names like Car,Dog, each of at most 50 characters.")
    return found


def confidences(setting: str, text: str) -> dict[str, float]:
    """Return the percents by label in a list like "Person=95,Dog=60"; raises ValueError with one sentence."""
    pairs = [pair.rpartition("=") for pair in text.split(",")] if text else []
    found = {name.strip(): percent.strip() for name, _equals, percent in pairs}
    if not all(NAME.fullmatch(name) and _is_percent(percent) for name, percent in found.items()):
        raise ValueError(f"{setting} must be labels with a percentage each, like Person=95,Dog=60.")
    return {name: float(percent) for name, percent in found.items()}


def _is_percent(text: str) -> bool:
    return bool(PERCENT.fullmatch(text)) and float(text) <= FULLY_SURE


def general_labels(**filters: list[str]) -> dict[str, Any]:
    """Return GeneralLabels of DetectLabels' Settings: `filters` by its names, without those that are empty."""
    return {name: wanted for name, wanted in filters.items() if wanted}
