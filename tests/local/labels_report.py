"""docs/labels.md: what the local recognizer says of pictures, and how fast; `make labels-report` writes it."""

import functools
import time
from collections.abc import Iterable
from typing import NamedTuple

import cv2
import numpy as np

from imagelabels.local.recognizer import detectors, whole_photo
from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.picture import decode
from imagelabels.paths import ROOT
from tests.local.pictures_without_labels import PHOTOS, Picture, drawn, encoded, photographed

PAGE = ROOT / "docs" / "labels.md"
# The stack's own minConfidence, below which nobody sees a label.
DEFAULT_CONFIDENCE = 70
# What each of scikit-image's photographs truly shows, in the words of the table of labels.
TRUTH = {
    "astronaut.png": {"Person", "Face", "Clothing"},
    "camera.png": {"Person", "Tripod", "Camera", "Coat", "Clothing"},
    "cell.png": set(),
    "chelsea.png": {"Cat", "Pet", "Mammal", "Animal"},
    "clock_motion.png": {"Clock", "Wall Clock"},
    "coffee.png": {"Coffee", "Coffee Cup", "Cup", "Beverage"},
    "coins.png": set(),
    "color.png": set(),
    "horse.png": {"Horse", "Mammal", "Animal"},
    "hubble_deep_field.jpg": set(),
    "ihc.png": set(),
    "logo.png": set(),
    "moon.png": set(),
    "motorcycle_left.png": {"Motorcycle", "Moped", "Scooter", "Wheel", "Vehicle", "Transportation"},
    "motorcycle_right.png": {"Motorcycle", "Moped", "Scooter", "Wheel", "Vehicle", "Transportation"},
    "phantom.png": set(),
    "retina.jpg": set(),
    "rocket.jpg": {"Rocket", "Weapon"},
}
HEADER = f"""# How good are the laptop's labels?

Written by `make labels-report`: what `make run` says of the photographs that come with scikit-image, and of pictures
that show nothing. Labels under the stack's `minConfidence` ({DEFAULT_CONFIDENCE} %) are in brackets: they reach nobody.
**Wrong** labels are bold. Times are processor time of one core, where the page was written, for the decoded photo:
OpenCV's detectors + the classifier.

"""


class Look(NamedTuple):
    """One picture: its labels with their confidences in percent, and each part's seconds of processor time."""

    name: str
    labels: dict[str, float]
    wrong: set[str]
    detectors_seconds: float
    classifier_seconds: float

    def row(self) -> str:
        said = ", ".join(self._said(label) for label in self.labels) or "none"
        times = f"{self.detectors_seconds * 1000:.0f} + {self.classifier_seconds * 1000:.0f} ms"
        return f"| {self.name} | {said} | {times} |\n"

    def _said(self, label: str) -> str:
        text = f"{label} {self.labels[label]:.0f} %"
        text = f"**{text}**" if label in self.wrong else text
        return text if self.labels[label] >= DEFAULT_CONFIDENCE else f"({text})"


def photographs(*names: str) -> list[Look]:
    """Look at photographs of which TRUTH tells what they show."""
    return [_look(name, (PHOTOS / name).read_bytes(), TRUTH[name]) for name in names]


def empty() -> list[Look]:
    """Look at what must have no label."""
    return [_look(name, encoded(picture), set()) for name, picture in (photographed() | drawn()).items()]


def with_codes() -> list[Look]:
    """Look at a drawing that shows one thing that has a name."""
    code = cv2.QRCodeEncoder.create().encode("https://example.com/")
    return [_look("a QR code", encoded(_framed(code)), {"QR Code"})]


def _framed(code: Picture) -> Picture:
    large = np.kron(code, np.ones((10, 10), np.uint8))
    return np.pad(large, 50, constant_values=255)[:, :, None].repeat(3, 2)


# Loaded once, by whoever asks first.
_detector, _classifier = functools.cache(LocalLabels), functools.cache(whole_photo.WholePhoto)


def _look(name: str, photo: bytes, truth: set[str]) -> Look:
    answer = _detector().detect_labels(photo, {"MinConfidence": 0})
    labels = {label["Name"]: label["Confidence"] for label in answer["Labels"]}
    image = decode(photo)
    started = time.thread_time()
    detectors.find(image)
    between = time.thread_time()
    _classifier().find(image)
    return Look(name, labels, labels.keys() - truth, between - started, time.thread_time() - between)


def page(photos: Iterable[Look], nothing: list[Look]) -> str:
    """Return the page, for people."""
    photos = list(photos)
    given = [(one, label) for one in photos for label, sure in one.labels.items() if sure >= DEFAULT_CONFIDENCE]
    right = sum(label not in one.wrong for one, label in given)
    silent = sum(not one.labels for one in nothing)
    classifier = sorted(one.classifier_seconds for one in [*photos, *nothing])
    return (
        HEADER
        + f"- Of {len(given)} labels over {DEFAULT_CONFIDENCE} % on {len(photos)} pictures, {right} are right.\n"
        + f"- Of {len(nothing)} pictures that must have no label, at any confidence, {silent} have none.\n"
        + f"- The classifier took {classifier[len(classifier) // 2] * 1000:.0f} ms a picture (median), at most "
        + f"{classifier[-1] * 1000:.0f} ms.\n\n"
        + _table("Photographs and a drawing", photos)
        + "\n"
        + _table("Pictures that show nothing", nothing)
    )


def _table(title: str, looks: Iterable[Look]) -> str:
    return f"## {title}\n\n| picture | labels | time |\n|---|---|---|\n" + "".join(look.row() for look in looks)


def main() -> None:
    cv2.setNumThreads(1)
    PAGE.write_text(page([*photographs(*TRUTH), *with_codes()], empty()))


if __name__ == "__main__":
    main()
