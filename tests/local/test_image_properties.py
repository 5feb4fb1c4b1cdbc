"""Colours and quality that the local recognizer computes from the pixels."""

from typing import Any

import cv2
import numpy as np
import pytest
from botocore.validate import ParamValidator
from PIL import ImageColor

from imagelabels.local.recognizer.css_colours import SIMPLIFIED, css_colours
from imagelabels.local.recognizer.fixed import Fixed, FixedLabels
from imagelabels.local.recognizer.image_properties import image_properties
from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.request import model
from imagelabels_shared.image_properties import WORDS
from tests.local.pictures_without_labels import encoded, photograph

BLURRY, DARK = (word.at_most for word in WORDS)


def measured(image: Any) -> dict[str, float]:
    quality: dict[str, float] = image_properties(image, {})["Quality"]
    return quality


def percents(image: Any) -> dict[str, float]:
    """Return the percent of each simplified colour."""
    found: dict[str, float] = {}
    for one in image_properties(image, {"MaxDominantColors": 20})["DominantColors"]:
        found[one["SimplifiedColor"]] = found.get(one["SimplifiedColor"], 0) + one["PixelPercent"]
    return found


@pytest.fixture(scope="module")
def local() -> LocalLabels:
    return LocalLabels()


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize(
    ("features", "labels", "properties"),
    [
        (None, True, False),
        (["GENERAL_LABELS"], True, False),
        (["GENERAL_LABELS", "IMAGE_PROPERTIES"], True, True),
    ],
)
def test_what_is_asked_is_answered_as_botocore_knows_it(
    local: LocalLabels,
    fixed: bool,  # noqa: FBT001  # a parameter of a test
    features: list[str] | None,
    labels: bool,  # noqa: FBT001  # a parameter of a test
    properties: bool,  # noqa: FBT001  # a parameter of a test
) -> None:
    photo = encoded(photograph("chelsea.png"))
    answer = (FixedLabels(Fixed()) if fixed else local).detect_labels(photo, {"Features": features} if features else {})
    report = ParamValidator().validate(answer, model().shape_for("DetectLabelsResponse"))
    assert not report.has_errors(), report.generate_report()
    assert (bool(answer["Labels"]), "ImageProperties" in answer) == (labels, properties)


def test_properties_alone_have_no_labels(local: LocalLabels) -> None:
    answer = local.detect_labels(encoded(photograph("chelsea.png")), {"Features": ["IMAGE_PROPERTIES"]})
    assert answer["Labels"] == []
    assert len(answer["ImageProperties"]["DominantColors"]) == 10


@pytest.mark.parametrize("name", ["astronaut.png", "brick.png", "chelsea.png", "coffee.png", "motorcycle_left.png"])
def test_a_sharp_photo_is_not_blurry_and_the_same_one_blurred_is(name: str) -> None:
    image = photograph(name)
    assert measured(image)["Sharpness"] > BLURRY + 10
    assert measured((image * 0.2).astype(np.uint8))["Sharpness"] > BLURRY + 10, "dark is not blurry"
    # As far out of focus in each size.
    assert measured(cv2.GaussianBlur(image, (0, 0), max(image.shape[:2]) / 200))["Sharpness"] < BLURRY - 10


def test_motion_blur_is_blurry() -> None:
    assert measured(photograph("clock_motion.png"))["Sharpness"] < BLURRY


def test_quality_is_of_light() -> None:
    image = photograph("coffee.png")
    night = (image * 0.2).astype(np.uint8)
    assert measured(night)["Brightness"] < DARK < measured(image)["Brightness"]
    assert measured(night)["Contrast"] < measured(image)["Contrast"]
    assert measured(np.full((100, 100, 3), 255, np.uint8)) == {"Brightness": 100, "Sharpness": 0, "Contrast": 0}


def test_pure_colours_are_counted() -> None:
    image = np.zeros((90, 90, 3), np.uint8)
    image[:54], image[54:81] = (0, 0, 255), (255, 0, 0)
    assert percents(image) == pytest.approx({"red": 60, "blue": 30, "black": 10})
    most = image_properties(image, {"MaxDominantColors": 1})["DominantColors"]
    assert [(one["CSSColor"], one["HexCode"], one["Red"]) for one in most] == [("red", "#FF0000", 255)]


def test_a_cat_is_brown_and_coffee_is_on_a_reddish_table() -> None:
    assert max(percents(photograph("chelsea.png")).items(), key=lambda one: one[1])[0] == "brown"
    assert percents(photograph("coffee.png"))["red"] > 10


def test_each_colour_of_css_has_one_of_twelve_names() -> None:
    """Pillow's table has grey beside gray, and two colours under two names."""
    known = {name.replace("grey", "gray") for name in ImageColor.colormap} - {"cyan", "magenta"}
    assert set(css_colours()) == known
    assert len(SIMPLIFIED) == 12
    assert sum(len(names.split()) for names in SIMPLIFIED.values()) == len(css_colours())
