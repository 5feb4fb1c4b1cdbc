"""What OpenCV's own detectors find in a photo: faces, people and QR codes, each with a box."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

CASCADES = Path(cv2.__file__).parent / "data"
MODEL_VERSION = f"local-opencv-{cv2.__version__}"
# Detectors look for people at many sizes; beyond this they cost seconds and find nothing more.
LONGEST_SIDE_PX = 1280
SMALLEST_FACE_PX = 24
# How wide a face is made for a second look.
SECOND_LOOK_PX = 100
# The shorter side; a whole body is then as high as the smallest that HOG sees. Smaller ones took most of the time.
SMALLEST_BODY_PX = 64
# A detector gives a margin, not a percentage. These make weak margins unsure and strong ones nearly certain: a face
# with margin 25 gets 88 %, a body with margin 1 gets 70 %, a walker with margin 2 gets 71 %. Chosen by eye on
# scikit-image's photographs, and so that noise, textures and drawings get nothing (docs/labels.md).
FACE_MARGIN = 12.0
BODY_MARGIN = 0.83
WALKER_MARGIN = 1.6
FULLY_SURE = 100.0
# Rekognition's own MinConfidence where none is asked for; what is less sure is more often wrong.
LEAST_SURE = 55.0


class Box(NamedTuple):
    """A rectangle in ratios of the photo's sides, origin at the top left."""

    left: float
    top: float
    width: float
    height: float


class Finding(NamedTuple):
    """One thing, at one place if that is known; `confidence` in percent."""

    name: str
    confidence: float
    box: Box | None = None


Image = np.ndarray[Any, Any]


def find(image: Image) -> list[Finding]:
    """Return what the detectors see in a BGR image, surest first."""
    scale = min(1.0, LONGEST_SIDE_PX / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    faces = [
        face
        for face in _cascade("frontalface_alt2", "Face", FACE_MARGIN, SMALLEST_FACE_PX, grey)
        if _is_face(face, grey)
    ]
    bodies = [
        *_cascade("fullbody", "Person", BODY_MARGIN, SMALLEST_BODY_PX, grey),
        *_cascade("upperbody", "Person", BODY_MARGIN, SMALLEST_BODY_PX, grey),
        *_walkers(small),
    ]
    people = _people(faces, [body for body in bodies if body.confidence >= LEAST_SURE])
    return sorted([*faces, *people, *_qr_codes(image)], key=lambda finding: -finding.confidence)


def _cascade(name: str, label: str, margin: float, smallest_px: int, grey: Image) -> Iterator[Finding]:
    classifier = cv2.CascadeClassifier(str(CASCADES / f"haarcascade_{name}.xml"))
    boxes, _levels, margins = classifier.detectMultiScale3(
        grey, 1.1, 5, minSize=(smallest_px, smallest_px), outputRejectLevels=True
    )
    for box, found in zip(boxes, margins, strict=True):
        yield Finding(label, _percent(float(found), margin), _box(box, grey))


def _is_face(face: Finding, grey: Image) -> bool:
    """Ask a second detector, which looks another way: coarse noise can look like a face to the first, and very sure."""
    if face.confidence < LEAST_SURE or face.box is None:
        return False
    height, width = grey.shape
    left, top = int(face.box.left * width), int(face.box.top * height)
    across, down = int(face.box.width * width), int(face.box.height * height)
    around = grey[max(0, top - down // 2) : top + down * 3 // 2, max(0, left - across // 2) : left + across * 3 // 2]
    scale = SECOND_LOOK_PX / across
    closer = cv2.resize(around, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    classifier = cv2.CascadeClassifier(str(CASCADES / "haarcascade_frontalface_alt_tree.xml"))
    return len(classifier.detectMultiScale(closer, 1.05, 0)) > 0


def _walkers(image: Image) -> Iterator[Finding]:
    """Standing and walking people, by histograms of oriented gradients."""
    detector = cv2.HOGDescriptor()
    detector.setSVMDetector(np.array(cv2.HOGDescriptor.getDefaultPeopleDetector()))
    if image.shape[0] < detector.winSize[1] or image.shape[1] < detector.winSize[0]:
        return
    boxes, margins = detector.detectMultiScale(image, winStride=(8, 8), scale=1.05)
    for box, found in zip(boxes, np.ravel(margins), strict=True):
        yield Finding("Person", _percent(float(found), WALKER_MARGIN), _box(box, image))


def _qr_codes(image: Image) -> Iterator[Finding]:
    """Codes that could be read: their checksum vouches for them."""
    found, texts, corners, _codes = cv2.QRCodeDetector().detectAndDecodeMulti(image)
    if not found:
        return
    for text, points in zip(texts, corners, strict=True):
        if text:
            yield Finding("QR Code", FULLY_SURE, _box(cv2.boundingRect(points.astype(np.float32)), image))


def _people(faces: list[Finding], bodies: list[Finding]) -> list[Finding]:
    """Every face belongs to a person: the one whose body it is in, else one of whom only the face was found."""
    alone = [face for face in faces if not any(_contains(body, face) for body in bodies)]
    return [*bodies, *(face._replace(name="Person") for face in alone)]


def _contains(body: Finding, face: Finding) -> bool:
    outer, inner = body.box, face.box
    if outer is None or inner is None:
        return False
    x, y = inner.left + inner.width / 2, inner.top + inner.height / 2
    return outer.left <= x <= outer.left + outer.width and outer.top <= y <= outer.top + outer.height


def _percent(found: float, margin: float) -> float:
    return round(FULLY_SURE * (1 - math.exp(-max(found, 0.0) / margin)), 4)


def _box(box: Any, image: Image) -> Box:
    height, width = image.shape[:2]
    left, top, across, down = (float(value) for value in box)
    return Box(left / width, top / height, across / width, down / height)
