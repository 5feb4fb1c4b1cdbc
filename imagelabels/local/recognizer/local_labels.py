"""DetectLabels on this machine: OpenCV's detectors and a classifier of the whole photo, or a person's own one."""

from typing import Any

from imagelabels.local.recognizer import detectors, picture, whole_photo
from imagelabels.local.recognizer.answer import is_wanted, labels
from imagelabels.local.recognizer.classifier import Classifier
from imagelabels.local.recognizer.fixed import LOCAL

DEFAULT_MAX_LABELS = 1000
DEFAULT_MIN_CONFIDENCE = 55.0


class LocalLabels:
    """A LabelDetector that needs no network; `version` names what it looks with."""

    mode = LOCAL

    def __init__(self, classifier: Classifier | None = None) -> None:
        """Load the models, once."""
        self._finders = [classifier.find] if classifier else [detectors.find, whole_photo.WholePhoto().find]
        self.version = classifier.version if classifier else f"{detectors.MODEL_VERSION}+{whole_photo.VERSION}"

    def detect_labels(self, photo: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return what is found in a photo; raises RefusedError for one that Rekognition would refuse."""
        most = parameters.get("MaxLabels", DEFAULT_MAX_LABELS)
        least = parameters.get("MinConfidence", DEFAULT_MIN_CONFIDENCE)
        image = picture.decode(photo)
        findings = [finding for find in self._finders for finding in find(image)]
        filters = parameters.get("Settings", {}).get("GeneralLabels", {})
        found = [label for label in labels(findings, least) if is_wanted(label, filters)]
        return {"Labels": found[:most], "LabelModelVersion": self.version}
