"""With `imageProperties`, one call also asks for colours and quality; what travels on is small and bounded."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detect_labels.handler import handler
from detect_labels.image_properties import MOST_COLOURS, image_properties
from imagelabels_shared.aws import client
from imagelabels_shared.image_properties import MOST_ROWS, WORDS, index_name, least, rows
from imagelabels_shared.models import DominantColor, Image, ImageProperties, Quality
from imagelabels_shared.report.words import colours, quality
from tests import resources
from tests.lambda_context import Context
from tests.pictures import picture
from tests.unit.conftest import IMAGES
from tests.unit.samples import EXECUTION, image


@pytest.fixture
def photo(s3: Any) -> Image:
    """A pinned photo that is in the bucket."""
    resources.create_tables()
    version = s3.put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=picture())["VersionId"]
    return image(versionId=version)


@pytest.fixture
def asked() -> list[dict[str, Any]]:
    """What Rekognition was asked, call by call."""
    calls: list[dict[str, Any]] = []
    events = client("rekognition").meta.events
    events.register("provide-client-params.rekognition.DetectLabels", lambda params, **_: calls.append(params))
    return calls


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let moto's Rekognition answer as AWS does; moto itself has another object around the properties."""
    properties = {
        "Quality": {"Brightness": 40.25, "Sharpness": 12.126, "Contrast": 24.0},
        "DominantColors": [color("Red", 31.5), color("brown", 30.0), color("red", 20.25), color("cyan", 0.75)],
        "Foreground": {"Quality": {"Brightness": 1.0}},
    }
    event = "after-call.rekognition.DetectLabels"
    client("rekognition").meta.events.register(event, lambda parsed, **_: parsed.update(ImageProperties=properties))
    monkeypatch.setenv("IMAGE_PROPERTIES", "true")


def color(name: str, percent: float) -> dict[str, Any]:
    """Return a dominant colour as Rekognition answers it."""
    return {"SimplifiedColor": name, "CSSColor": "x", "HexCode": "#000000", "PixelPercent": percent}


def detect(photo: Image) -> dict[str, Any]:
    return handler({"execution": EXECUTION, "image": photo}, Context())


@pytest.mark.usefixtures("answered")
def test_one_call_asks_for_labels_and_properties(photo: Image, asked: list[dict[str, Any]]) -> None:
    result = detect(photo)
    assert [call["Features"] for call in asked] == [["GENERAL_LABELS", "IMAGE_PROPERTIES"]]
    assert result["labels"]
    assert result["imageProperties"] == {
        "dominantColors": [
            {"color": "red", "percent": 51.75},
            {"color": "brown", "percent": 30.0},
            {"color": "cyan", "percent": 0.75},
        ],
        "quality": {"brightness": 40.25, "sharpness": 12.13, "contrast": 24.0},
    }


@pytest.mark.usefixtures("answered")
def test_without_the_setting_nothing_of_it_is_asked_or_handed_on(
    photo: Image, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when it is answered."""
    monkeypatch.delenv("IMAGE_PROPERTIES")
    result = detect(photo)
    assert all("Features" not in call for call in asked)
    assert result["imageProperties"] is None


@pytest.mark.parametrize("answer", [{}, {"ImageProperties": {}}])
def test_an_answer_without_properties_has_none(answer: Any) -> None:
    assert image_properties(answer) is None


def test_what_was_not_measured_is_not_made_up() -> None:
    """A photo without a sharpness is not a blurred one."""
    answer: Any = {"ImageProperties": {"Quality": {"Brightness": 0.0}, "DominantColors": []}}
    found = image_properties(answer)
    assert found == ImageProperties(dominantColors=[], quality=Quality(brightness=0.0))
    assert rows(found) == {"quality:dark": 100.0}


PERCENTS = st.floats(0, 100, width=32)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=12)


@given(st.lists(st.tuples(NAMES, PERCENTS), max_size=40), st.dictionaries(st.just("Sharpness"), st.floats(-9, 999)))
def test_whatever_is_answered_what_travels_on_is_bounded(found: list[tuple[str, float]], measured: Any) -> None:
    """A state's output stays small, and a transaction has room for the rows."""
    answer: Any = {"ImageProperties": {"DominantColors": [color(*one) for one in found], "Quality": measured}}
    properties = image_properties(answer)
    assert properties
    assert len(properties["dominantColors"]) <= MOST_COLOURS
    assert len(rows(properties)) <= MOST_ROWS
    assert all(0 <= number <= 100 for number in rows(properties).values())
    assert len(json.dumps(properties)) < 2_000


def properties(sharpness: float = 80, brightness: float = 60, **percents: float) -> ImageProperties:
    found = [DominantColor(color=name, percent=percent) for name, percent in percents.items()]
    return ImageProperties(dominantColors=found, quality=Quality(brightness=brightness, sharpness=sharpness))


def test_a_colour_of_few_pixels_is_not_in_the_index() -> None:
    found = rows(properties(red=50, blue=10, cyan=9.99))
    assert found == {"colour:red": 50, "colour:blue": 10, "quality:blurry": 20, "quality:dark": 40}


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.word)
def test_a_word_is_said_of_the_photos_that_a_search_finds(word: Any) -> None:
    """The row of a photo at the limit is just found."""
    for number, is_found in ((word.at_most, True), (word.at_most + 0.01, False), (0, True), (100, False)):
        measured = properties(**{word.measure: number})
        assert (rows(measured)[word.name] >= least(word.name)) is is_found
        assert (word.word in quality(measured["quality"])) is is_found


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("colour:red", "colour:red"),
        ("Color: Red", "colour:red"),
        ("COLOUR:GREY", "colour:gray"),
        ("blurry", "quality:blurry"),
        ("Quality:Dark", "quality:dark"),
        ("dog", None),
        ("quality:fine", None),
        ("red", None),
    ],
)
def test_colours_and_quality_are_typed_in_several_ways(typed: str, name: str | None) -> None:
    assert index_name(typed) == name


def test_colours_and_quality_in_words() -> None:
    assert colours([{"color": "red", "percent": 51.7}, {"color": "cyan", "percent": 0.6}]) == "red 52 %, cyan 1 %"
    assert quality({"brightness": 10, "sharpness": 29.6}) == "brightness 10, sharpness 30 (blurry, dark)"
    assert (colours([]), quality({})) == ("", "")
