"""When we, or AWS, are at fault, the execution ends red with the original error, whatever fails after it."""

import json
from typing import Any

import pytest

from tests.pictures import picture
from tests.workflow.branches import detour
from tests.workflow.machine import IMAGES, Machine, object_created

PHOTO = {"bucket": IMAGES, "key": "photo.jpg"}


def test_an_unforeseen_error_is_told_to_the_operators(machine: Machine) -> None:
    """The report and the record name the error; so does the execution, with the handler's own sentence."""
    machine.put("photo.jpg", picture())
    machine.faults.add("DetectLabels", "AccessDeniedError")
    execution = machine.run(PHOTO)
    assert execution.states[-3:] == ["PublishFailure", "RecordFailure", "Failed"]
    assert (execution.status, execution.error) == ("FAILED", "AccessDeniedError")
    assert json.loads(execution.cause or "")["errorMessage"] == "DetectLabels was told to fail"
    (record,) = machine.audit_records()
    assert (record["outcome"], record["error"]["name"]) == ("FAILED", "AccessDeniedError")
    (report,) = machine.reports()
    assert report["Subject"] == "Labelling FAILED: photo.jpg"
    assert json.loads(report["Message"])["error"]["name"] == "AccessDeniedError"


def test_without_sns_the_failure_is_recorded_all_the_same(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The topic is gone: no report can be sent, yet the trail knows the photo and the topic's own error."""
    version = machine.put("photo.jpg", picture())
    monkeypatch.setenv("TOPIC_ARN", machine.topic + "-gone")
    execution = machine.run(PHOTO)
    assert execution.states[-5:] == ["PublishReport", "PublishFailure", "KeepWithoutReport", "RecordFailure", "Failed"]
    assert execution.error == "NotFoundException"
    (record,) = machine.audit_records()
    assert (record["outcome"], record["error"]["name"]) == ("FAILED", "NotFoundException")
    assert record["image"]["versionId"] == version


@pytest.mark.parametrize(
    ("fault", "named"), [("LaterError", "SQS.SdkClientException"), ("States.Timeout", "States.Timeout")]
)
def test_a_removal_that_cannot_be_requested_is_told_as_such(machine: Machine, fault: str, named: str) -> None:
    """The photo is at fault, but the operators must mend the queue."""
    machine.put("photo.jpg", picture())
    machine.faults.always("ValidateImage", "EmptyImageError")
    machine.faults.always("RequestRemoval", fault)
    machine.run(PHOTO)
    (report,) = machine.reports()
    error = json.loads(report["Message"])["error"]
    assert (error["state"], error["name"]) == ("RequestRemoval", named)


def test_a_failure_before_the_photo_is_known_is_recorded_without_sns(machine: Machine) -> None:
    """The record has no photo then, but its execution, whose input names the photo."""
    machine.faults.always("ValidateImage", "BrokenError")
    machine.faults.always("PublishFailure", "BrokenTooError")
    execution = machine.run(PHOTO)
    (record,) = machine.audit_records()
    assert (record["outcome"], record["error"]["name"], record["image"]) == ("FAILED", "BrokenError", {})
    assert (execution.status, execution.error) == ("FAILED", "BrokenError")


@pytest.mark.parametrize(
    ("faults", "original"),
    [
        ({"DetectLabels": "FirstError", "RecordFailure": "LaterError"}, "FirstError"),
        ({"DetectLabels": "FirstError", "PublishFailure": "LaterError"}, "FirstError"),
        ({"DetectLabels": "FirstError", "PublishFailure": "LaterError", "RecordFailure": "LastError"}, "FirstError"),
        ({"ValidateImage": "EmptyImageError", "PublishRejection": "LaterError"}, "EmptyImageError"),
        ({"ValidateImage": "EmptyImageError", "RequestRemoval": "LaterError"}, "EmptyImageError"),
    ],
)
def test_no_later_fault_hides_the_original_error(machine: Machine, faults: dict[str, str], original: str) -> None:
    """Red, with the first error's name, whatever breaks on the way out."""
    machine.put("photo.jpg", picture())
    for state, error in faults.items():
        machine.faults.always(state, error)
    execution = machine.run(PHOTO)
    assert (execution.states[-1], execution.status, execution.error) == ("Failed", "FAILED", original)


@pytest.mark.parametrize(
    "state", ["RecordOutcome", "RecordRejection", "RecordNotFound", "RecordSuperseded", "RecordDuplicate"]
)
def test_an_audit_outage_ends_the_execution_at_that_state(machine: Machine, state: str) -> None:
    """A redrive then repeats that state alone; what people were told before stays true, so nobody is told more."""
    event = object_created("photo.jpg", machine.put("photo.jpg", picture()))
    detour(machine.faults, state)
    machine.faults.always(state, "LaterError")
    execution = machine.run(event)
    assert (execution.states[-1], execution.status, execution.error) == (state, "FAILED", "SQS.SdkClientException")
    assert machine.audit_records() == []
    assert all(report["MessageAttributes"]["outcome"]["Value"] != "FAILED" for report in machine.reports())


@pytest.mark.parametrize("typed", [{}, {"bucket": IMAGES}, {"bucket": IMAGES, "key": ""}, {"detail": {}}])
def test_an_input_of_the_wrong_shape_says_what_is_expected(machine: Machine, typed: dict[str, Any]) -> None:
    """A typing mistake ends red with one sentence, in a report and a record that name no photo."""
    execution = machine.run(typed)
    assert execution.error == "ValueError"
    assert '{"bucket": "...", "key": "..."}' in json.loads(execution.cause or "")["errorMessage"]
    (record,) = machine.audit_records()
    assert set(record["image"].values()) == {None}
    assert len(machine.reports()) == 1
