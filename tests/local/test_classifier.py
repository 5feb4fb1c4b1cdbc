"""MODEL= puts a person's own ONNX classifier in the place of the detectors."""

from pathlib import Path

import numpy as np
import pytest

from imagelabels.errors import UserError
from imagelabels.local import engine
from imagelabels.local.recognizer.answer import labels
from imagelabels.local.recognizer.classifier import Classifier, chosen
from imagelabels.local.recognizer.model_input import model_input
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


@pytest.mark.parametrize(
    ("shape", "said", "takes"),
    [
        ((1, 3, 64, 96), "", (1, 3, 64, 96)),
        ((1, 3, "height", "width"), "", (1, 3, 224, 224)),
        ((1, 3, "height", "width"), "size = 128", (1, 3, 128, 128)),
        (("photos", 3, "height", "width"), "size = [64, 128]", (1, 3, 64, 128)),
        ((1, 160, 160, 3), "size = 160", (1, 160, 160, 3)),
    ],
)
def test_a_model_tells_its_own_size(
    model: Path, shape: tuple[int | str, ...], said: str, takes: tuple[int, ...]
) -> None:
    """By its graph, else by a file beside it; TensorFlow's models have the colours last."""
    model.write_bytes(colours(*shape))
    model.with_suffix(".toml").write_text(said)
    assert model_input(model).blob(plain(255, 0, 0)).shape == takes
    found = Classifier(model, model.with_suffix(".txt")).find(plain(255, 0, 0))
    assert found[0].name == "Blue"


def test_a_model_tells_its_own_normalization(model: Path) -> None:
    """Pure blue becomes (0, 0, 2), and e² is 78.7 % of e² + 1 + 1."""
    model.with_suffix(".toml").write_text("mean = [0, 0, 0]\ndeviation = [0.5, 0.5, 0.5]\nthreshold = 60")
    classifier = Classifier(model, model.with_suffix(".txt"))
    assert classifier.threshold == 60
    assert classifier.find(plain(255, 0, 0))[0].confidence == pytest.approx(78.70, abs=0.01)


@pytest.mark.parametrize(
    ("shape", "said", "sentence"),
    [
        ((1, 3, 64, 64), "size = 224", "takes 64 × 64 pixels, and .*toml says another size"),
        ((1, 1, 64, 64), "", "and not one photo in three colours"),
        ((1, 3, 64, 64), "mean = [0, 0]", r"mean = \[0, 0\] is not in the form"),
        ((1, 3, 64, 64), "deviation = [1, 1, 0]", "deviation = .* is not in the form"),
        ((1, 3, 64, 64), 'size = "large"', "invalid literal"),
        ((1, 3, 64, 64), "size = 0", "size = 0 is not in the form"),
        ((1, 3, 64, 64), "threshold = 101", "threshold = 101 is not in the form"),
        ((1, 3, 64, 64), "colors = 3", "there is no colors; there are size, mean"),
        ((1, 3, 64, 64), "size 3", "cannot be used"),
    ],
)
def test_what_the_graph_and_the_file_do_not_say_is_one_sentence(
    model: Path, shape: tuple[int, ...], said: str, sentence: str
) -> None:
    model.write_bytes(colours(*shape))
    model.with_suffix(".toml").write_text(said)
    with pytest.raises(UserError, match=sentence) as raised:
        model_input(model)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("cut", [0, 1, 40, -30])
def test_a_file_that_is_cut_off_is_one_sentence(model: Path, cut: int) -> None:
    model.write_bytes(colours()[:cut])
    with pytest.raises(UserError, match="is not an ONNX classifier"):
        model_input(model)


def test_labels_of_another_model_are_refused(model: Path) -> None:
    model.with_suffix(".txt").write_text("Cat\nDog\n")
    with pytest.raises(UserError, match=r"knows 3 classes, and .* names 2"):
        chosen({"MODEL": str(model)})


def test_what_is_no_model_is_one_sentence(model: Path) -> None:
    model.write_bytes(b"no model")
    with pytest.raises(UserError, match="is not an ONNX classifier that OpenCV can run: ") as raised:
        Classifier(model, model.with_suffix(".txt"))
    assert "\n" not in str(raised.value)
