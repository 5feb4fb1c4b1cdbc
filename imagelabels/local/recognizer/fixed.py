"""A recognizer for tests and benchmarks: always the same labels, at a chosen speed, with chosen refusals."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from imagelabels.errors import UserError
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.local.recognizer.request import IMAGE_PROPERTIES
from imagelabels.local.token_bucket import TokenBucket

LOCAL, REKOGNITION = "local", "rekognition"
FORM = (
    "local, rekognition, or fixed:labels=3,boxes=1,latency=0.2,rate=20,errors=ThrottlingException+InternalServerError"
)
MODEL_VERSION = "local-fixed-1"
THROTTLED = "ProvisionedThroughputExceededException"
FULLY_SURE = 100.0
PROPERTIES = {
    "Quality": {"Brightness": 50.0, "Sharpness": 50.0, "Contrast": 50.0},
    "DominantColors": [
        {
            "Red": 255,
            "Green": 0,
            "Blue": 0,
            "HexCode": "#FF0000",
            "CSSColor": "red",
            "SimplifiedColor": "red",
            "PixelPercent": FULLY_SURE,
        }
    ],
}


class Fixed(NamedTuple):
    """What is answered: `labels` labels with `boxes` boxes each, whatever the request's limits.

    `latency` in seconds; `rate` in answers a second (0: no limit); `errors` are what each photo's first calls get.
    """

    labels: int = 3
    boxes: int = 1
    latency: float = 0.0
    rate: float = 0.0
    errors: tuple[str, ...] = ()


def parse(text: str) -> Fixed | None:
    """Return what a recognizer's name asks for, None for this machine's own and Amazon's; or raise UserError."""
    mode, _colon, rest = text.partition(":")
    if text in {LOCAL, REKOGNITION}:
        return None
    try:
        given = dict(pair.split("=", 1) for pair in rest.split(",") if pair)
        fixed = Fixed(**{name: _value(name, value) for name, value in given.items()})
    except (TypeError, ValueError, KeyError) as error:
        raise UserError(f"The recognizer must be {FORM}; it is {text!r}.") from error
    if mode != "fixed":
        raise UserError(f"The recognizer must be {FORM}; it is {text!r}.")
    return fixed


def _value(name: str, value: str) -> Any:
    if name == "errors":
        return tuple(value.split("+"))
    return float(value) if name in {"latency", "rate"} else int(value)


class FixedLabels:
    """A LabelDetector that answers constant labels, the surest first, whatever the photo and the request's limits."""

    mode = "fixed"

    def __init__(self, fixed: Fixed) -> None:
        self._fixed = fixed

    def detect_labels(self, _photo: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        labels = [_label(number, self._fixed) for number in range(self._fixed.labels)]
        wanted = IMAGE_PROPERTIES in parameters.get("Features", [])
        properties = {"ImageProperties": PROPERTIES} if wanted else {}
        return {"Labels": labels, "LabelModelVersion": MODEL_VERSION, **properties}

    def detect_custom_labels(self, _photo: bytes, _parameters: dict[str, Any]) -> dict[str, Any]:
        labels = [_label(number, self._fixed) for number in range(self._fixed.labels)]
        return {
            "CustomLabels": [{"Name": f"Own {one['Name']}", "Confidence": one["Confidence"]} for one in labels],
        }


def _label(number: int, fixed: Fixed) -> dict[str, Any]:
    confidence = FULLY_SURE - number * FULLY_SURE / 2 / fixed.labels
    boxes = [_box(place, fixed.boxes) for place in range(fixed.boxes)]
    return {
        "Name": f"Label {number + 1:04}",
        "Confidence": confidence,
        "Instances": [{"BoundingBox": box, "Confidence": confidence} for box in boxes],
        "Parents": [{"Name": "Thing"}],
        "Aliases": [],
        "Categories": [{"Name": "Everything"}],
    }


def _box(place: int, boxes: int) -> dict[str, float]:
    return {"Width": 1 / boxes, "Height": 1.0, "Left": place / boxes, "Top": 0.0}


class Gate:
    """Lets `rate` calls a second through, as many as a second's worth at once; and each photo past its errors."""

    def __init__(self, fixed: Fixed, clock: Callable[[], float] = time.monotonic) -> None:
        self._fixed, self._bucket = fixed, TokenBucket(fixed.rate, clock)
        self._asked: Counter[str] = Counter()

    def enter(self, photo: str) -> None:
        """Count one call; raises RefusedError when it comes too soon, or is one of those that get an error."""
        asked = self._asked[photo]
        self._asked[photo] += 1
        if asked < len(self._fixed.errors):
            raise RefusedError(self._fixed.errors[asked], "This recognizer was told to answer so.")
        if self._fixed.rate and not self._bucket.take():
            raise RefusedError(THROTTLED, "Provisioned rate exceeded.")
