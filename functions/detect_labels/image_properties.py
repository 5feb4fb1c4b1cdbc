"""Dominant colours and quality of a photo, in a bounded summary of Rekognition's answer."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from imagelabels_shared.image_properties import MOST
from imagelabels_shared.models import DominantColor, ImageProperties, Quality

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef

# "One of 12 simplified color names": botocore's model of Rekognition, DominantColor.
MOST_COLOURS = 12
MEASURES = ("Brightness", "Sharpness", "Contrast")
DIGITS = 2


def image_properties(answer: "DetectLabelsResponseTypeDef") -> ImageProperties | None:
    """Return the colours of the whole photo, those of one name as one, and its quality; None when there are none."""
    found: Any = answer.get("ImageProperties")
    if not found:
        return None
    percents: dict[str, float] = defaultdict(float)
    for one in found.get("DominantColors", []):
        percents[one["SimplifiedColor"].lower()] += one.get("PixelPercent", 0)
    ranked = sorted(percents.items(), key=lambda colour: (-colour[1], colour[0]))[:MOST_COLOURS]
    return ImageProperties(
        dominantColors=[DominantColor(color=name, percent=_bounded(percent)) for name, percent in ranked],
        quality=_quality(found.get("Quality", {})),
    )


def _quality(measured: dict[str, float]) -> Quality:
    quality = Quality()
    for name in MEASURES:
        if name in measured:
            quality[name.lower()] = _bounded(measured[name])  # type: ignore[literal-required]  # one of MEASURES
    return quality


def _bounded(number: float) -> float:
    return round(min(MOST, max(0.0, float(number))), DIGITS)
