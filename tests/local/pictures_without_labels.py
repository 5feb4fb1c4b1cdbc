"""Pictures that show nothing that has a name: each must get no label."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image

Picture = np.ndarray
HEIGHT, WIDTH = 300, 400
PHOTOS = Path(skimage.__file__).parent / "data"
# Of scikit-image: pages of text, and what fills the picture from edge to edge.
TEXTURES = ("page.png", "text.png", "brick.png", "gravel.png", "grass.png")
WORDS = "the quick brown fox jumps over a lazy dog while nobody looks"


def drawn() -> dict[str, Picture]:
    """Return the pictures that are made here, by name, the same ones each time."""
    chance = np.random.default_rng(15)
    return dict(_fields()) | dict(_gradients(chance)) | dict(_noises(chance)) | dict(_pages())


def photographed() -> dict[str, Picture]:
    return {name: photograph(name) for name in TEXTURES}


def photograph(name: str) -> Picture:
    return np.asarray(Image.open(PHOTOS / name).convert("RGB"))[:, :, ::-1]


def _fields() -> Iterator[tuple[str, Picture]]:
    for name, colour in {"black": 0, "grey": 128, "white": 255}.items():
        yield f"a {name} field", np.full((HEIGHT, WIDTH, 3), colour, np.uint8)
    for name, blue_green_red in {"red": (0, 0, 255), "green": (0, 160, 0), "blue": (220, 60, 0)}.items():
        yield f"a {name} field", np.full((HEIGHT, WIDTH, 3), blue_green_red, np.uint8)


def _gradients(chance: np.random.Generator) -> Iterator[tuple[str, Picture]]:
    for number in range(6):
        first, last = chance.integers(0, 256, (2, 3))
        share = np.linspace(0, 1, WIDTH)[None, :, None].repeat(HEIGHT, 0)
        yield f"gradient {number + 1}", (first + (last - first) * share).astype(np.uint8)


def _noises(chance: np.random.Generator) -> Iterator[tuple[str, Picture]]:
    for grain_px in (1, 4, 10, 25, 50, 100):
        small = chance.integers(0, 256, (HEIGHT // grain_px, WIDTH // grain_px, 3)).astype(np.uint8)
        yield f"noise of {grain_px} px", cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)


def _pages() -> Iterator[tuple[str, Picture]]:
    fonts = {"sans": cv2.FONT_HERSHEY_SIMPLEX, "serif": cv2.FONT_HERSHEY_COMPLEX, "typewriter": cv2.FONT_HERSHEY_PLAIN}
    for name, font in fonts.items():
        for step_px in (16, 28):
            page = np.full((500, WIDTH, 3), 250, np.uint8)
            for number, bottom in enumerate(range(30, 480, step_px)):
                line = WORDS[number % 9 :] + " " + WORDS
                cv2.putText(page, line[:70], (15, bottom), font, step_px / 40, (20, 20, 20), 1, cv2.LINE_AA)
            yield f"a page of {name} text, {step_px} px a line", page


def encoded(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])
