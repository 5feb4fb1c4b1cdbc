"""Every path that a state reads was written on each way that leads to the state."""

import copy
import json
from typing import Any

import pytest

from imagelabels_shared.models import Detection, Image
from tests.contract import data_flow
from tests.contract.conftest import ROOT

RELEASES = ROOT / "tests" / "workflow" / "releases"


def changed(definition: dict[str, Any], state: str, **fields: Any) -> dict[str, Any]:
    """Return a copy of the definition with other fields of one state; a field that is None is left out."""
    copied = copy.deepcopy(definition)
    whole = copied["States"][state] | fields
    copied["States"][state] = {name: value for name, value in whole.items() if value is not None}
    return copied


def test_every_path_is_there_when_it_is_read(definition: dict[str, Any]) -> None:
    assert data_flow.missing_paths(definition) == []


def test_release_1_0_0_read_paths_that_may_be_missing() -> None:
    """Of an input that a person typed, and of the result of a function of the States Language."""
    released = json.loads((RELEASES / "1.0.0.json").read_text())["definition"]
    assert sorted(data_flow.missing_paths(released)) == [
        "RecordDuplicate reads $$.Execution.Input.detail.bucket.name",
        "RecordDuplicate reads $$.Execution.Input.detail.object.key",
        "RecordFailure reads $.report.image",
    ]


@pytest.mark.parametrize(
    ("state", "fields", "complaint"),
    [
        ("StartEmpty", {"Result": {}}, "KeepWithoutReport reads $.image"),
        ("KeepWithoutReport", {"Parameters": {"failure.$": "$.failure"}}, "RecordFailure reads $.report.image"),
        ("ValidateImage", {"ResultPath": "$.photo"}, "NeedsNormalizing reads $.image.needsNormalizing"),
        ("ValidateImage", {"Next": "DetectLabels", "ResultSelector": {}}, "DetectLabels reads $.image"),
        ("DetectLabels", {"ResultPath": None}, "PersistLabels reads $.image"),
        ("DetectLabels", {"ResultSelector": {"labels.$": "$.Payload.names"}}, "DetectLabels reads $.Payload.names"),
        ("RecordOutcome", {"Parameters": {"MessageBody": [{"a.$": "$.failure"}]}}, "RecordOutcome reads $.failure"),
        ("RecordOutcome", {"Parameters": {"a.$": "States.Format('{}', $.no)"}}, "RecordOutcome reads $.no"),
        ("RecordNotFound", {"Parameters": {"a.$": "$$.Execution.Input.key"}}, "reads $$.Execution.Input.key"),
        ("Failed", {"ErrorPath": "$.error"}, "Failed reads $.error"),
        ("RecordOutcome", {"InputPath": "$.report"}, "RecordOutcome: InputPath is unknown"),
    ],
)
def test_a_path_that_may_be_missing_is_noticed(
    definition: dict[str, Any], state: str, fields: dict[str, Any], complaint: str
) -> None:
    assert complaint in "\n".join(data_flow.missing_paths(changed(definition, state, **fields)))


def test_one_way_without_the_path_is_enough(definition: dict[str, Any]) -> None:
    """RecordFailure has two predecessors; Failed reads what the first error left, on every way."""
    (catch,) = definition["States"]["PublishReport"]["Catch"]
    complaints = data_flow.missing_paths(
        changed(definition, "PublishReport", Catch=[catch | {"ResultPath": "$.other"}])
    )
    assert "Failed reads $.failure.Error" in complaints
    assert "RecordFailure reads $.failure.Error" in complaints


def test_a_handler_that_answers_less_is_noticed(definition: dict[str, Any]) -> None:
    fewer = data_flow.ANSWERS | {"ValidateImage": Detection, "DetectLabels": Image}
    complaints = data_flow.missing_paths(definition, fewer)
    assert "NeedsNormalizing reads $.image.needsNormalizing" in complaints
    assert "DetectLabels reads $.Payload.modelVersion" in complaints
