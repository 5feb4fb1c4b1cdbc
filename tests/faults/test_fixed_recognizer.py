"""The fixed recognizer does what its name says, and obeys IAM like any other."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.local.recognizer import fixed
from imagelabels.local.recognizer.refused import RefusedError
from tests.faults.lab import Lab
from tests.faults.matrix import photo


def test_a_name_says_what_is_answered() -> None:
    assert fixed.parse("local") is None
    assert fixed.parse("fixed") == fixed.Fixed()
    assert fixed.parse("fixed:labels=7,latency=0.5,errors=A+B") == fixed.Fixed(labels=7, latency=0.5, errors=("A", "B"))


@pytest.mark.parametrize("name", ["magic", "fixed:labels=many", "fixed:colour=red", "fixed:labels", "magic:labels=1"])
def test_any_other_name_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(UserError, match="The recognizer must be"):
        fixed.parse(name)


def test_a_photo_gets_its_errors_first_each_photo_for_itself() -> None:
    gate = fixed.Gate(fixed.Fixed(errors=("ThrottlingException", "InternalServerError")))
    assert [_refusal(gate, name) for name in "aabab"] == [
        "ThrottlingException",
        "InternalServerError",
        "ThrottlingException",
        "",
        "InternalServerError",
    ]


def test_calls_over_the_rate_are_refused_until_time_has_passed() -> None:
    now = [0.0]
    gate = fixed.Gate(fixed.Fixed(rate=2), lambda: now[0])
    assert [_refusal(gate, "a") for _call in range(3)] == ["", "", "ProvisionedThroughputExceededException"]
    now[0] = 0.5
    assert _refusal(gate, "a") == ""


def _refusal(gate: fixed.Gate, photo_name: str) -> str:
    try:
        gate.enter(photo_name)
    except RefusedError as error:
        return error.name
    return ""


def _detect(lab: Lab, key: str, **client: Any) -> Any:
    place = {"S3Object": {"Bucket": lab.bucket, "Name": key}}
    session = lab.engine.session
    return session.client("rekognition", endpoint_url=lab.engine.endpoint, **client).detect_labels(Image=place)  # type: ignore[arg-type]  # a plain dictionary


def test_it_answers_constant_labels_and_counts_the_calls(lab: Lab) -> None:
    lab.upload("counted.png", photo())
    answer = _detect(lab, "counted.png")
    assert [label["Name"] for label in answer["Labels"]] == ["Label 0001", "Label 0002", "Label 0003"]
    assert lab.look("recognizer")["calls"][f"{lab.bucket}/counted.png"] >= 1


def test_it_reads_the_object_as_rekognition_does(lab: Lab) -> None:
    with pytest.raises(ClientError, match="InvalidS3ObjectException"):
        _detect(lab, "never uploaded.png")


def test_it_refuses_who_may_not_detect_labels(lab: Lab) -> None:
    iam = lab.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    credentials = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    with pytest.raises(ClientError, match="AccessDeniedException"):
        _detect(lab, "counted.png", **credentials)


def test_an_unknown_switch_or_mode_is_refused_and_changes_nothing(lab: Lab) -> None:
    before = lab.look("recognizer")["mode"]
    with (
        pytest.raises(AssertionError, match="The recognizer must be"),
        lab.switched("recognizer", {"mode": "magic"}),
    ):
        pass
    with pytest.raises(AssertionError, match="There is only recognizer, faults here"):
        lab.look("weather")
    assert lab.look("recognizer")["mode"] == before
    assert json.dumps(lab.look("faults")) == json.dumps({"rules": None})
