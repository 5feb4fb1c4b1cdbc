"""MODEL= puts a person's own ONNX classifier in the place of the detectors."""

from pathlib import Path

import numpy as np
import pytest

from imagelabels.errors import UserError
from imagelabels.local import engine
from imagelabels.local.recognizer.answer import labels
from imagelabels.local.recognizer.classifier import Classifier, chosen
from tests.local.onnx_file import colours


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "colours.onnx").write_bytes(colours())
    (tmp_path / "colours.txt").write_text("Red\nGreen\nBlue\n")
    return tmp_path / "colours.onnx"


def plain(blue: int, green: int, red: int) -> np.ndarray:
    return np.full((100, 150, 3), (blue, green, red), np.uint8)


@pytest.mark.parametrize(("image", "name"), [(plain(0, 0, 255), "Red"), (plain(255, 0, 0), "Blue")])
def test_the_surest_class_is_a_label_without_boxes(model: Path, image: np.ndarray, name: str) -> None:
    classifier = chosen({"MODEL": str(model)})
    assert classifier is not None
    assert classifier.version == "local-onnx-colours"
    (label,) = labels(classifier.find(image), 50)
    assert (label["Name"], label["Instances"]) == (name, [])
    assert 90 < label["Confidence"] < 100


def test_without_a_model_there_is_none() -> None:
    assert chosen({}) is None


def test_a_model_is_found_from_the_callers_folder(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The local engine's server runs in the project's folder."""
    monkeypatch.chdir(model.parent)
    monkeypatch.setenv("MODEL", model.name)
    monkeypatch.delenv("MODEL_LABELS", raising=False)
    settings = engine._settings("fixed", {"SFN_WAIT_SCALE": "1"})  # noqa: SLF001  # starting one takes seconds
    assert settings["MODEL"] == str(model)
    assert settings["MODEL_LABELS"] == str(model.with_suffix(".txt"))


@pytest.mark.parametrize("path", ["~nobody-has-this-name/x.onnx", "/"])
def test_what_is_no_path_is_one_sentence(path: str) -> None:
    with pytest.raises(UserError, match=f"MODEL={path} is not the path of a file"):
        chosen({"MODEL": path})


def test_a_missing_file_is_one_sentence(model: Path) -> None:
    with pytest.raises(UserError, match=r"There is no file .*other\.txt: MODEL= is"):
        chosen({"MODEL": str(model), "MODEL_LABELS": str(model.with_name("other.txt"))})


def test_labels_of_another_model_are_refused(model: Path) -> None:
    model.with_suffix(".txt").write_text("Cat\nDog\n")
    with pytest.raises(UserError, match=r"knows 3 classes, and .* names 2"):
        chosen({"MODEL": str(model)})


def test_what_is_no_model_is_one_sentence(model: Path) -> None:
    model.write_bytes(b"no model")
    with pytest.raises(UserError, match="is not an ONNX classifier that OpenCV can run: ") as raised:
        Classifier(model, model.with_suffix(".txt"))
    assert "\n" not in str(raised.value)
