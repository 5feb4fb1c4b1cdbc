"""The picture that every good file shows: a face at a known place, off the middle, so that a wrong turn is seen."""

import functools
from pathlib import Path
from typing import NamedTuple

import skimage
from PIL import Image

# The astronaut's head in scikit-image's photograph, and the face that detectors frame in it, in pixels.
HEAD = (150, 20, 310, 200)
FACE = (26, 46, 122, 142)
WIDTH, HEIGHT = 480, 360
PLACE = (40, 30)


class Box(NamedTuple):
    """A rectangle in ratios of the picture's sides."""

    left: float
    top: float
    width: float
    height: float


@functools.cache
def head() -> Image.Image:
    folder = Path(skimage.__file__).parent / "data"
    with Image.open(folder / "astronaut.png") as photograph:
        return photograph.convert("RGB").crop(HEAD)


def scene(width: int = WIDTH, height: int = HEIGHT, scale: float = 1.0) -> Image.Image:
    """Return an RGB picture with the head, enlarged `scale` times, near its top left corner."""
    picture = Image.linear_gradient("L").resize((width, height)).point(lambda value: 90 + value // 4).convert("RGB")
    pasted = head().resize((round(head().width * scale), round(head().height * scale)))
    picture.paste(pasted, PLACE)
    return picture


def face(width: int = WIDTH, height: int = HEIGHT, scale: float = 1.0) -> Box:
    """Return where the face is in `scene` of the same arguments."""
    left, top, right, bottom = (round(value * scale) for value in FACE)
    return Box((PLACE[0] + left) / width, (PLACE[1] + top) / height, (right - left) / width, (bottom - top) / height)
