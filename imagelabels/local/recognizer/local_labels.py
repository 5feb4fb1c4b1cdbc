"""DetectLabels on this machine: OpenCV's detectors and a classifier of the whole photo, or a person's own one.

A person's own classifier can also be a model of Custom Labels.
"""

from collections.abc import Mapping
from hashlib import sha256
from threading import Lock
from typing import Any

from imagelabels.local.recognizer import detectors, picture, whole_photo
from imagelabels.local.recognizer.answer import is_wanted, labels
from imagelabels.local.recognizer.classifier import Classifier
from imagelabels.local.recognizer.detectors import Finding
from imagelabels.local.recognizer.fixed import LOCAL
from imagelabels.local.recognizer.image_properties import image_properties
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.local.recognizer.request import GENERAL_LABELS, IMAGE_PROPERTIES

DEFAULT_MAX_LABELS = 1000
DEFAULT_MIN_CONFIDENCE = 55.0
# Photos whose findings are kept: a photo that runs again, or is uploaded again, costs no second look.
MOST_KEPT = 100


class LocalLabels:
    """A LabelDetector that needs no network; `version` names what it looks with."""

    mode = LOCAL

    def __init__(self, classifier: Classifier | None = None, running: Mapping[str, Classifier] | None = None) -> None:
        """Load the models, once; `running` are models of Custom Labels, by the ARN of their version."""
        self._running = running or {}
        self._finders = [classifier.find] if classifier else [detectors.find, whole_photo.WholePhoto().find]
        self._kept: dict[bytes, list[Finding]] = {}
        self._keeping = Lock()
        self.version = classifier.version if classifier else f"{detectors.MODEL_VERSION}+{whole_photo.VERSION}"

    def detect_labels(self, photo: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what is found in a photo; raises RefusedError for one that Rekognition would refuse."""
        features = parameters.get("Features") or [GENERAL_LABELS]
        answer: dict[str, Any] = {"Labels": self._labels(photo, parameters) if GENERAL_LABELS in features else []}
        if IMAGE_PROPERTIES in features:
            settings = parameters.get("Settings", {}).get("ImageProperties", {})
            answer["ImageProperties"] = image_properties(picture.decode(photo), settings)
        return {**answer, "LabelModelVersion": self.version}

    def _labels(self, photo: bytes, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        most = parameters.get("MaxLabels", DEFAULT_MAX_LABELS)
        least = parameters.get("MinConfidence", DEFAULT_MIN_CONFIDENCE)
        findings = self._findings(photo)
        filters = parameters.get("Settings", {}).get("GeneralLabels", {})
        found = [label for label in labels(findings, least) if is_wanted(label, filters)]
        return found[:most]

    def detect_custom_labels(self, photo: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return the classes of a photo; without MinConfidence those over the model's own threshold.

        Raises RefusedError for a model that is not there, and as `detect_labels`.
        """
        model = self._running.get(parameters["ProjectVersionArn"])
        if model is None:
            raise RefusedError("ResourceNotFoundException", "The resource in the request cannot be found.")
        least = parameters.get("MinConfidence", model.threshold)
        found = model.find(picture.decode(photo, picture.DETECT_CUSTOM_LABELS))
        labels = [{"Name": one.name, "Confidence": one.confidence} for one in found if one.confidence >= least]
        return {"CustomLabels": labels[: parameters.get("MaxResults")]}

    def _findings(self, photo: bytes) -> list[Finding]:
        digest = sha256(photo).digest()
        if (kept := self._kept.get(digest)) is not None:
            return kept
        image = picture.decode(photo)
        found = [finding for find in self._finders for finding in find(image)]
        # Photos are looked at in several threads.
        with self._keeping:
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[digest] = found
        return found
