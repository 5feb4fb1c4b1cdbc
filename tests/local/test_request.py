"""A request that Rekognition would refuse is refused."""

from typing import Any

import pytest

from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.local.recognizer.request import check

IMAGE = {"S3Object": {"Bucket": "photos", "Name": "cat.jpg"}}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"MaxLabels": 10, "MinConfidence": 70},
        {"Features": ["GENERAL_LABELS", "IMAGE_PROPERTIES"]},
        {"Features": ["IMAGE_PROPERTIES"]},
        {"Features": ["GENERAL_LABELS", "IMAGE_PROPERTIES"], "MaxLabels": 10},
        {"Settings": {"GeneralLabels": {"LabelInclusionFilters": ["Cat"]}}},
    ],
)
def test_what_rekognition_takes_is_taken(parameters: dict[str, Any]) -> None:
    check({"Image": IMAGE} | parameters)


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"Image": "cat.jpg"},
        {"Image": IMAGE, "MaxLabels": -1},
        {"Image": IMAGE, "MaxLabels": "many"},
        {"Image": IMAGE, "MinConfidence": -1},
        {"Image": IMAGE, "MinConfidence": 101},
        {"Image": IMAGE, "MinimumConfidence": 70},
        {"Image": IMAGE, "Settings": {"GeneralLabels": {"LabelInclusionFilters": "Cat"}}},
        {"Image": {"S3Object": {"Bucket": "photos", "Name": ""}}},
        {"Image": IMAGE, "Features": ["PROPERTIES", "GENERAL_LABELS", "IMAGE_PROPERTIES"]},
        {"Image": IMAGE, "Features": ["IMAGE_PROPERTIES"], "MaxLabels": 10},
        {"Image": IMAGE, "Features": ["IMAGE_PROPERTIES"], "MinConfidence": 70},
        {"Image": IMAGE, "Settings": {"ImageProperties": {"MaxDominantColors": -1}}},
    ],
)
def test_anything_else_is_an_invalid_parameter(request_: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="Request has invalid parameters") as raised:
        check(request_)
    assert raised.value.name == "InvalidParameterException"
