"""What the local recognizer says of photographs, and that it says nothing of what shows nothing."""

from typing import Any

import cv2
import pytest
from botocore.validate import ParamValidator

from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.local.recognizer.request import model
from tests.local import pictures_without_labels
from tests.local.pictures_without_labels import PHOTOS, encoded, photograph

NOTHING = pictures_without_labels.drawn() | pictures_without_labels.photographed()
# One of each kind; `make soak` looks at all.
QUICK = ("a grey field", "gradient 1", "noise of 10 px", "a page of serif text, 16 px a line", "page.png", "brick.png")
LONG = [pytest.param(name, marks=pytest.mark.soak) for name in NOTHING if name not in QUICK]


@pytest.fixture(scope="module")
def detector() -> LocalLabels:
    return LocalLabels()


def detected(detector: LocalLabels, photo: bytes, **parameters: Any) -> dict[str, dict[str, Any]]:
    """Return the labels by name, of an answer that botocore's model of Rekognition knows."""
    answer = detector.detect_labels(photo, parameters)
    report = ParamValidator().validate(answer, model().shape_for("DetectLabelsResponse"))
    assert not report.has_errors(), report.generate_report()
    return {label["Name"]: label for label in answer["Labels"]}


def read(name: str) -> bytes:
    return (PHOTOS / name).read_bytes()


def names(things: list[dict[str, str]]) -> list[str]:
    return [thing["Name"] for thing in things]


def test_a_cat_is_a_cat_an_animal_and_a_pet(detector: LocalLabels) -> None:
    found = detected(detector, read("chelsea.png"))
    assert list(found) == ["Cat", "Mammal", "Pet", "Animal"]
    assert found["Cat"]["Confidence"] > 85
    assert names(found["Cat"]["Parents"]) == ["Animal", "Mammal", "Pet"]
    assert names(found["Cat"]["Categories"]) == ["Animals and Pets"]


@pytest.mark.parametrize(("photo", "label"), [("coffee.png", "Coffee"), ("motorcycle_left.png", "Motorcycle")])
def test_an_ordinary_thing_has_the_name_that_people_use(detector: LocalLabels, photo: str, label: str) -> None:
    found = detected(detector, read(photo), MinConfidence=70)
    assert label in found
    assert set(found) == {label, *names(found[label]["Parents"])}


def test_a_person_and_a_face_have_boxes(detector: LocalLabels) -> None:
    found = detected(detector, read("astronaut.png"))
    assert list(found) == ["Face", "Person"]
    assert [len(label["Instances"]) for label in found.values()] == [1, 1]


def test_parents_are_as_sure_as_their_children(detector: LocalLabels) -> None:
    found = detected(detector, read("motorcycle_left.png"))
    for label in found.values():
        assert all(found[parent]["Confidence"] >= label["Confidence"] for parent in names(label["Parents"]))


def test_the_request_limits_the_answer(detector: LocalLabels) -> None:
    assert list(detected(detector, read("chelsea.png"), MaxLabels=2)) == ["Cat", "Mammal"]
    assert detected(detector, read("chelsea.png"), MinConfidence=99) == {}


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"LabelInclusionFilters": ["Cat", "Dog"]}, ["Cat"]),
        ({"LabelExclusionFilters": ["Mammal", "Animal"]}, ["Cat", "Pet"]),
        ({"LabelCategoryExclusionFilters": ["Animals and Pets"]}, []),
        ({"LabelCategoryInclusionFilters": ["Animals and Pets"], "LabelExclusionFilters": ["Cat"]}, ["Mammal", "Pet"]),
        ({"LabelCategoryInclusionFilters": ["Sports"]}, []),
    ],
)
def test_the_request_filters_the_answer(detector: LocalLabels, filters: dict[str, list[str]], left: list[str]) -> None:
    settings = {"GeneralLabels": filters}
    assert list(detected(detector, read("chelsea.png"), Settings=settings, MaxLabels=2)) == left


@pytest.mark.parametrize("name", [*QUICK, *LONG])
def test_what_shows_nothing_has_no_label(detector: LocalLabels, name: str) -> None:
    assert detected(detector, encoded(NOTHING[name]), MinConfidence=0) == {}


@pytest.mark.parametrize("sides", [(79, 80), (80, 79), (1, 1)])
def test_a_photo_too_small_for_rekognition_is_refused(detector: LocalLabels, sides: tuple[int, int]) -> None:
    with pytest.raises(RefusedError, match="too small"):
        detector.detect_labels(encoded(cv2.resize(photograph("chelsea.png"), sides)), {})


@pytest.mark.parametrize("sides", [(80, 80), (80, 3000), (3000, 80)])
def test_any_shape_that_rekognition_takes_is_looked_at(detector: LocalLabels, sides: tuple[int, int]) -> None:
    detected(detector, encoded(cv2.resize(photograph("chelsea.png"), sides)))


def test_the_version_says_what_looked(detector: LocalLabels) -> None:
    assert detector.version == f"local-opencv-{cv2.__version__}+efficientnet-lite0"
