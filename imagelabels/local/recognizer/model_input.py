"""What a person's own classifier takes: the size from its graph, the rest from a file beside it, like cars.toml.

size = 260                     # or [height, width]; needed only when the graph leaves it open, 224 otherwise
mean = [0.485, 0.456, 0.406]   # of red, green and blue from 0 to 1; without it, ImageNet's, as nearly every model
deviation = [0.229, 0.224, 0.225]
threshold = 50                 # percent; DetectCustomLabels answers what is as sure, unless MinConfidence is asked
"""

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from imagelabels.errors import UserError
from imagelabels.local.recognizer.detectors import Image
from imagelabels.local.recognizer.onnx_input import input_shape

SIDE_PX = 224
MEAN, DEVIATION, THRESHOLD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), 50.0
MOST_LIGHT, MOST_PERCENT, COLOURS = 255.0, 100, 3
NAMES = ("size", "mean", "deviation", "threshold")


class ModelInput(NamedTuple):
    """`height` and `width` in pixels; `mean` and `deviation` of red, green and blue from 0 to 1; `threshold` in %.

    `colours_last` is the layout of TensorFlow's models; others want all of red, then all of green, then all of blue.
    """

    height: int
    width: int
    colours_last: bool = False
    mean: tuple[float, ...] = MEAN
    deviation: tuple[float, ...] = DEVIATION
    threshold: float = THRESHOLD

    def blob(self, image: Image) -> Image:
        """Return a BGR image as the model wants it."""
        resized = cv2.resize(image, (self.width, self.height), interpolation=cv2.INTER_AREA)
        light = cv2.cvtColor(resized, cv2.COLOR_BGR2RGB) / MOST_LIGHT
        normalized: Image = ((light - np.array(self.mean)) / np.array(self.deviation)).astype(np.float32)
        return (normalized if self.colours_last else normalized.transpose(2, 0, 1))[np.newaxis]


def model_input(model: Path) -> ModelInput:
    """Return what a model takes; raises UserError when graph and file do not say it, or not the same."""
    said = _said(model.with_suffix(".toml"))
    try:
        shape = input_shape(model.read_bytes())
    except ValueError as error:
        raise UserError(f"{model} is not an ONNX classifier that OpenCV can run: {error}") from error
    height, width, colours_last = _picture(shape, model)
    size = said.pop("size", None)
    if size and (height or size[0], width or size[1]) != tuple(size):
        raise UserError(f"{model} takes {width} × {height} pixels, and {model.with_suffix('.toml')} says another size.")
    default = size or (SIDE_PX, SIDE_PX)
    return ModelInput(height or default[0], width or default[1], colours_last, **said)


def _picture(shape: list[int], model: Path) -> tuple[int, int, bool]:
    """Return height and width (0 where they are open) and the layout; raises UserError for what is no colour photo."""
    match shape:
        case [_, 3, height, width]:
            return height, width, False
        case [_, height, width, 3]:
            return height, width, True
    raise UserError(f"{model} takes {shape}, and not one photo in three colours.")


def _said(file: Path) -> dict[str, Any]:
    """Return what the file says, {} without one; raises UserError for anything else than the names above."""
    if not file.is_file():
        return {}
    try:
        said = tomllib.loads(file.read_text())
        return {name: _checked(name, value) for name, value in said.items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise UserError(f"{file} cannot be used: {error}") from error


def _checked(name: str, value: Any) -> Any:
    """Return a value as ModelInput has it; raises ValueError or TypeError."""
    match name:
        case "size":
            sides = [int(side) for side in (value if isinstance(value, list) else [value, value])]
            if len(sides) == len(("height", "width")) and min(sides) > 0:
                return tuple(sides)
        case "mean" | "deviation":
            numbers = tuple(float(number) for number in value)
            if len(numbers) == COLOURS and (name == "mean" or all(numbers)):
                return numbers
        case "threshold":
            if 0 <= float(value) <= MOST_PERCENT:
                return float(value)
        case _:
            raise ValueError(f"there is no {name}; there are {', '.join(NAMES)}")
    raise ValueError(f"{name} = {value} is not in the form of the example in docs/custom-labels.md")
