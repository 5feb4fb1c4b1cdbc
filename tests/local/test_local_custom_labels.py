"""DetectCustomLabels on this machine: the person's own classifier, within the limits of Custom Labels."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from botocore.validate import ParamValidator

from imagelabels.errors import UserError
from imagelabels.local import engine
from imagelabels.local.recognizer import amazon, picture
from imagelabels.local.recognizer.classifier import Classifier
from imagelabels.local.recognizer.fixed import Fixed, FixedLabels
from imagelabels.local.recognizer.label_detector import OWN_MODEL
from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.local.recognizer.request import check, model
from tests.local.onnx_file import colours
from tests.local.pictures_without_labels import encoded

VERSION = "arn:aws:rekognition:us-east-1:000000000000:project/cars/version/cars.1/1761991200000"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    (folder / "colours.onnx").write_bytes(colours())
    (folder / "colours.txt").write_text("Red\nGreen\nBlue\n")
    return folder / "colours.onnx"


@pytest.fixture(scope="module")
def detector(files: Path) -> LocalLabels:
    return LocalLabels(running={VERSION: Classifier(files, files.with_suffix(".txt"))})


def plain(width: int, height: int) -> bytes:
    """Return a plain red photo."""
    return encoded(np.full((height, width, 3), (0, 0, 255), np.uint8))


def detected(detector: LocalLabels, photo: bytes, **parameters: Any) -> list[str]:
    """Return the names of the labels, of a request and an answer that botocore's model of Rekognition knows."""
    request = {"ProjectVersionArn": VERSION, **parameters}
    check({"Image": {"Bytes": photo}, **request}, "DetectCustomLabels")
    answer = detector.detect_custom_labels(photo, request)
    report = ParamValidator().validate(answer, model().shape_for("DetectCustomLabelsResponse"))
    assert not report.has_errors(), report.generate_report()
    return [label["Name"] for label in answer["CustomLabels"]]


def test_classes_over_the_models_own_threshold_are_labels(detector: LocalLabels) -> None:
    assert detected(detector, plain(100, 100)) == ["Red"]


def test_a_least_confidence_takes_the_place_of_the_threshold(detector: LocalLabels) -> None:
    assert detected(detector, plain(100, 100), MinConfidence=0) == ["Red", "Blue", "Green"]
    assert detected(detector, plain(100, 100), MinConfidence=0, MaxResults=2) == ["Red", "Blue"]
    assert detected(detector, plain(100, 100), MinConfidence=99) == []


@pytest.mark.parametrize(
    ("sides", "refused"),
    [
        ((64, 64), ""),
        ((63, 64), "InvalidParameterException"),
        ((4096, 205), ""),
        ((4097, 300), "ImageTooLargeException"),
        ((2001, 100), "InvalidParameterException"),
    ],
)
def test_photos_outside_of_the_limits_of_custom_labels_are_refused(
    detector: LocalLabels, sides: tuple[int, int], refused: str
) -> None:
    if not refused:
        assert detected(detector, plain(*sides)) == ["Red"]
        return
    with pytest.raises(RefusedError) as raised:
        detected(detector, plain(*sides))
    assert raised.value.name == refused


def test_another_model_is_not_found(detector: LocalLabels) -> None:
    with pytest.raises(RefusedError) as raised:
        detected(detector, plain(100, 100), ProjectVersionArn=VERSION.replace("cars.1", "cars.2"))
    assert raised.value.name == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "wrong", [{}, {"ProjectVersionArn": "short"}, {"ProjectVersionArn": VERSION, "MaxLabels": 3}], ids=str
)
def test_a_request_that_rekognition_would_refuse_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="Request has invalid parameters"):
        check({"Image": {"Bytes": b"x"}, **wrong}, "DetectCustomLabels")


def test_a_photo_in_the_request_has_four_megabytes_at_most() -> None:
    """DetectLabels takes five."""
    most = picture.DETECT_CUSTOM_LABELS.inline_bytes
    assert most == 4 * 1024 * 1024 < picture.DETECT_LABELS.inline_bytes
    noise = encoded(np.random.default_rng(1).integers(0, 256, (1250, 1250, 3), np.uint8))
    assert most < len(noise) < picture.DETECT_LABELS.inline_bytes
    assert amazon._small(noise) == noise  # noqa: SLF001  # what it sends
    assert len(amazon._small(noise, most)) <= most  # noqa: SLF001  # as above


def test_the_fixed_recognizer_answers_custom_labels_too() -> None:
    answer = FixedLabels(Fixed(labels=2)).detect_custom_labels(b"", {})
    report = ParamValidator().validate(answer, model().shape_for("DetectCustomLabelsResponse"))
    assert not report.has_errors(), report.generate_report()
    assert [label["Name"] for label in answer["CustomLabels"]] == ["Own Label 0001", "Own Label 0002"]


def settings(monkeypatch: pytest.MonkeyPatch, recognizer: str, model_: str) -> dict[str, str]:
    monkeypatch.setenv("MODEL", model_)
    return engine._settings(recognizer, None, {"customLabelsModel": VERSION})  # noqa: SLF001  # starting one takes seconds


def test_the_engine_tells_the_server_which_model_the_classifier_is(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings(monkeypatch, "local", str(files)).items() >= {"MODEL": str(files), OWN_MODEL: VERSION}.items()


def test_a_model_without_a_classifier_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="customLabelsModel needs MODEL= on this machine"):
        settings(monkeypatch, "local", "")
    assert settings(monkeypatch, "fixed", "")[OWN_MODEL] == VERSION
