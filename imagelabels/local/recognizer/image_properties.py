"""IMAGE_PROPERTIES of DetectLabels, computed from the pixels of the whole photo.

Rekognition does not say how it measures: its numbers are other ones. Foreground and background are not told apart.
"""

from typing import Any

import cv2
import numpy as np

from imagelabels.local.recognizer.css_colours import css_colours
from imagelabels.local.recognizer.detectors import Image

DEFAULT_MAX_COLOURS = 10
# Colours need few pixels; sharpness is measured at one size, so that the number of pixels makes no photo sharper.
COLOUR_SIDE_PX, QUALITY_SIDE_PX = 96, 640
MOST_LIGHT, MOST_PERCENT = 255.0, 100.0
# The deviation of the Laplacian, as a part of that of light, with which a photo has a sharpness of 63; by eye, on
# scikit-image's photographs, blurred and not. As a part, so that a dark photo is not a blurry one.
SHARP = 0.72
# Contrast is from the 5th to the 95th percentile of light, so that single pixels do not count.
DARKEST, LIGHTEST = 5, 95


def image_properties(image: Image, settings: dict[str, Any]) -> dict[str, Any]:
    """Return ImageProperties of DetectLabels' answer for a BGR image; `settings` are those of its ImageProperties."""
    most = settings.get("MaxDominantColors", DEFAULT_MAX_COLOURS)
    return {"Quality": _quality(image), "DominantColors": _colours(image)[:most]}


def _quality(image: Image) -> dict[str, float]:
    grey = cv2.cvtColor(_small(image, QUALITY_SIDE_PX), cv2.COLOR_BGR2GRAY)
    edges = float(cv2.Laplacian(grey, cv2.CV_64F).std()) / max(1.0, float(grey.std()))
    darkest, lightest = np.percentile(grey, (DARKEST, LIGHTEST))
    return {
        "Brightness": MOST_PERCENT * float(grey.mean()) / MOST_LIGHT,
        "Sharpness": MOST_PERCENT * (1 - float(np.exp(-edges / SHARP))),
        "Contrast": MOST_PERCENT * float(lightest - darkest) / MOST_LIGHT,
    }


def _colours(image: Image) -> list[dict[str, Any]]:
    """Return CSS's colours, each with the pixels that look most like it; the colour of most pixels first."""
    names, values = zip(*((name, value) for name, (_simple, value) in css_colours().items()), strict=True)
    pixels = _lab(_small(image, COLOUR_SIDE_PX).reshape(-1, 3)[:, ::-1])
    distances = np.square(pixels[:, np.newaxis] - _lab(np.array(values))).sum(axis=2)
    counts = np.bincount(distances.argmin(axis=1), minlength=len(names))
    ranked = [int(number) for number in np.argsort(-counts, kind="stable") if counts[number]]
    return [_colour(names[number], MOST_PERCENT * float(counts[number]) / len(pixels)) for number in ranked]


def _colour(name: str, percent: float) -> dict[str, Any]:
    simple, (red, green, blue) = css_colours()[name]
    return {
        "Red": red,
        "Green": green,
        "Blue": blue,
        "HexCode": f"#{red:02X}{green:02X}{blue:02X}",
        "CSSColor": name,
        "SimplifiedColor": simple,
        "PixelPercent": percent,
    }


def _lab(colours: Image) -> Image:
    """Return colours, a row of red, green and blue each, in CIELAB: distances there are as large as they look."""
    lab: Image = cv2.cvtColor((colours / MOST_LIGHT).astype(np.float32)[np.newaxis], cv2.COLOR_RGB2LAB)[0]
    return lab


def _small(image: Image, longest: int) -> Image:
    scale = min(1.0, longest / max(image.shape[:2]))
    small: Image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    return small
