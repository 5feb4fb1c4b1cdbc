"""The fixed recognizer answers as its name says, and checks IAM as Rekognition does."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.local.recognizer import fixed
from imagelabels.local.recognizer.refused import RefusedError
from tests.faults.harness import Harness
from tests.faults.matrix import photo


def test_a_name_says_what_is_answered() -> None:
    assert fixed.parse("opencv") is None
    assert fixed.parse("fixed") == fixed.Fixed()
    assert fixed.parse("fixed:labels=7,latency=0.5,errors=A+B") == fixed.Fixed(labels=7, latency=0.5, errors=("A", "B"))


@pytest.mark.parametrize("name", ["magic", "fixed:labels=many", "fixed:colour=red", "fixed:labels", "magic:labels=1"])
def test_any_other_name_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(UserError, match="The recognizer must be"):
        fixed.parse(name)


def test_the_first_calls_for_each_photo_get_the_errors() -> None:
    gate = fixed.Gate(fixed.Fixed(errors=("ThrottlingException", "InternalServerError")))
    assert [_error(gate, name) for name in "aabab"] == [
        "ThrottlingException",
        "InternalServerError",
        "ThrottlingException",
        "",
        "InternalServerError",
    ]


def test_calls_over_the_rate_are_refused_until_time_has_passed() -> None:
    now = [0.0]
    gate = fixed.Gate(fixed.Fixed(rate=2), lambda: now[0])
    assert [_error(gate, "a") for _call in range(3)] == ["", "", "ProvisionedThroughputExceededException"]
    now[0] = 0.5
    assert _error(gate, "a") == ""


def _error(gate: fixed.Gate, photo_name: str) -> str:
    try:
        gate.enter(photo_name)
    except RefusedError as error:
        return error.name
    return ""


def _detect(harness: Harness, key: str, **client: Any) -> Any:
    image = {"S3Object": {"Bucket": harness.bucket, "Name": key}}
    session = harness.engine.session
    return session.client("rekognition", endpoint_url=harness.engine.endpoint, **client).detect_labels(Image=image)  # type: ignore[arg-type]  # a plain dictionary


def test_it_answers_constant_labels_and_counts_the_calls(harness: Harness) -> None:
    harness.upload("counted.png", photo())
    answer = _detect(harness, "counted.png")
    assert [label["Name"] for label in answer["Labels"]] == ["Label 0001", "Label 0002", "Label 0003"]
    assert harness.state("recognizer")["calls"][f"{harness.bucket}/counted.png"] >= 1


def test_it_reads_the_object_as_rekognition_does(harness: Harness) -> None:
    with pytest.raises(ClientError, match="InvalidS3ObjectException"):
        _detect(harness, "never uploaded.png")


def test_it_refuses_a_caller_without_detect_labels(harness: Harness) -> None:
    iam = harness.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    credentials = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    with pytest.raises(ClientError, match="AccessDeniedException"):
        _detect(harness, "counted.png", **credentials)


def test_an_unknown_switch_or_mode_is_refused_and_changes_nothing(harness: Harness) -> None:
    before = harness.state("recognizer")["mode"]
    with (
        pytest.raises(AssertionError, match="The recognizer must be"),
        harness.switched("recognizer", {"mode": "magic"}),
    ):
        pass
    with pytest.raises(AssertionError, match="There is only recognizer, faults here"):
        harness.state("unknown")
    assert harness.state("recognizer")["mode"] == before
    assert json.dumps(harness.state("faults")) == json.dumps({"rules": None})
