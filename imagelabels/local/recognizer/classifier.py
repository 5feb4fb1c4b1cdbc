"""A person's own ONNX classifier in place of the detectors: names for the whole photo, without boxes."""

import threading
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from imagelabels.errors import UserError
from imagelabels.local.recognizer.detectors import FULLY_SURE, Finding, Image
from imagelabels.local.recognizer.model_input import model_input

CLOSE_TO_ONE = 0.001


class Classifier:
    """Classes by a model that answers one number for each line of the file `names`; `version` says which model.

    `threshold` in percent is how sure a class must be for DetectCustomLabels.
    """

    def __init__(self, model: Path, names: Path) -> None:
        """Read both files; raises UserError when one is missing or not a model, or they do not fit each other."""
        for file in (model, names):
            if not file.is_file():
                raise UserError(f"There is no file {file}: MODEL= is an ONNX classifier, MODEL_LABELS= its labels.")
        self.version = f"local-onnx-{model.stem}"
        self._names = [line.strip() for line in names.read_text().splitlines() if line.strip()]
        self._one_at_a_time = threading.Lock()
        try:
            self._net = cv2.dnn.readNetFromONNX(str(model))
            self._input = model_input(model)
            classes = len(self._scores(np.zeros((self._input.height, self._input.width, 3), np.uint8)))
        except cv2.error as error:
            raise UserError(f"{model} is not an ONNX classifier that OpenCV can run: {error.err or error}") from error
        if classes != len(self._names):
            raise UserError(f"{model} knows {classes} classes, and {names} names {len(self._names)}.")

    @property
    def threshold(self) -> float:
        return self._input.threshold

    def find(self, image: Image) -> list[Finding]:
        """Return every class of a BGR image, surest first."""
        scores = self._scores(image)
        found = [Finding(name, float(score) * FULLY_SURE) for name, score in zip(self._names, scores, strict=True)]
        return sorted(found, key=lambda finding: -finding.confidence)

    def _scores(self, image: Image) -> Image:
        """Return the model's answer as shares of one, which some models give and others leave to their users."""
        blob = self._input.blob(image)
        with self._one_at_a_time:
            self._net.setInput(blob)
            answer: Image = self._net.forward().ravel()
        if answer.min() >= 0 and abs(answer.sum() - 1) < CLOSE_TO_ONE:
            return answer
        powers: Image = np.exp(answer - answer.max())
        powers /= powers.sum()
        return powers


def chosen(variables: Mapping[str, str]) -> Classifier | None:
    """Return the classifier in MODEL and MODEL_LABELS (else beside it, as .txt); None without, UserError as above."""
    files = located(variables)
    return Classifier(Path(files["MODEL"]), Path(files["MODEL_LABELS"])) if files else None


def located(variables: Mapping[str, str]) -> dict[str, str]:
    """Return MODEL and MODEL_LABELS as they are found from any folder; nothing without MODEL; UserError for no path."""
    if not variables.get("MODEL"):
        return {}
    try:
        model = Path(variables["MODEL"]).expanduser().absolute()
        names = Path(variables.get("MODEL_LABELS") or model.with_suffix(".txt")).expanduser().absolute()
    except (RuntimeError, ValueError) as error:
        raise UserError(f"MODEL={variables['MODEL']} is not the path of a file: {error}") from error
    return {"MODEL": str(model), "MODEL_LABELS": str(names)}
