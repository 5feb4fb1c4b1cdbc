"""How executions end: what the table, the audit trail and the people hear of it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from boto3.dynamodb.conditions import Key

from tests.pictures import picture
from tests.workflow.branches import LABELLED_PATH
from tests.workflow.machine import IMAGES, Execution, Machine, object_created

AUDITED = {"bucket", "key", "versionId", "etag", "size"}


def the_record(machine: Machine, execution: Execution) -> dict[str, Any]:
    """Return the one audit record of an execution, checked against the schema."""
    (record,) = machine.audit_records()
    assert record["schema"] == 1
    assert record["execution"] == execution.arn
    assert record["startedAt"] <= record["recordedAt"]
    return record


def items(machine: Machine, key: str) -> list[dict[str, Any]]:
    found = machine.table.query(KeyConditionExpression=Key("image_id").eq(f"{IMAGES}/{key}"))
    return list(found["Items"])


def test_a_photo_is_labelled_reported_and_recorded(machine: Machine) -> None:
    """The whole event from EventBridge goes in; each state is passed once."""
    version = machine.put("labelled.jpg", picture())
    execution = machine.run(object_created("labelled.jpg", version))
    assert (execution.status, execution.states) == ("SUCCEEDED", LABELLED_PATH)
    record = the_record(machine, execution)
    assert (record["outcome"], record["labels"]) == ("LABELLED", ["Mobile Phone"])
    assert set(record["image"]) == AUDITED
    assert record["image"]["versionId"] == version
    assert "error" not in record
    (report,) = machine.reports()
    assert report["Subject"] == "Mobile Phone: labelled.jpg"
    assert report["MessageAttributes"]["outcome"]["Value"] == "LABELLED"
    assert [item["record"] for item in items(machine, "labelled.jpg")] == ["IMAGE", "LABEL#Mobile Phone"]


def test_a_photo_that_rekognition_cannot_read_is_converted_and_labelled(machine: Machine) -> None:
    """The table and the trail go on naming the original."""
    version = machine.put("animation.gif", picture("GIF"))
    execution = machine.run(object_created("animation.gif", version))
    assert execution.states == [*LABELLED_PATH[:3], "NormalizeImage", *LABELLED_PATH[3:]]
    assert the_record(machine, execution)["image"]["key"] == "animation.gif"
    image = next(item for item in items(machine, "animation.gif") if item["record"] == "IMAGE")
    assert (image["format"], image["width"], image["version"]) == ("GIF", 120, version)


def test_restarting_an_execution_with_its_own_input_labels_the_photo_again(machine: Machine) -> None:
    """The second run ends as the first, and the table says the same but for who wrote it and when."""
    event = object_created("again.jpg", machine.put("again.jpg", picture()))
    first = machine.run(event)
    before = items(machine, "again.jpg")
    second = machine.run(event)
    assert first.states == second.states == LABELLED_PATH
    assert [item["record"] for item in items(machine, "again.jpg")] == [item["record"] for item in before]
    assert len(machine.audit_records()) == 2


def test_a_person_needs_to_type_only_bucket_and_key(machine: Machine) -> None:
    version = machine.put("typed.jpg", picture("PNG"))
    execution = machine.run({"bucket": IMAGES, "key": "typed.jpg"})
    assert execution.status == "SUCCEEDED"
    assert the_record(machine, execution)["image"]["versionId"] == version


@pytest.mark.parametrize(
    "key", ["a b+c%20d.jpg", "ünïcødé/日本 📷.jpg", "\"quotes' & <tags>.png", "two\nlines.jpg", "k" * 1024]
)
def test_a_key_is_taken_as_it_is(machine: Machine, key: str) -> None:
    """Keys survive the definition, the table and the audit trail without being decoded or cut."""
    execution = machine.run(object_created(key, machine.put(key, picture())))
    assert execution.status == "SUCCEEDED"
    assert the_record(machine, execution)["image"]["key"] == key
    assert {item["object_key"] for item in items(machine, key)} == {key}


@pytest.mark.parametrize(
    ("key", "body", "error"),
    [
        ("text.jpg", b"Dear diary, no photo today.", "UnsupportedFormatError"),
        ("empty.jpg", b"", "EmptyImageError"),
        ("tiny.png", picture("PNG", 79, 79), "ImageTooSmallError"),
    ],
)
def test_a_bad_photo_is_rejected_and_its_owner_hears_why(machine: Machine, key: str, body: bytes, error: str) -> None:
    """The execution is green, the outcome is not; Rekognition is never asked."""
    machine.put(key, body)
    execution = machine.run({"bucket": IMAGES, "key": key})
    assert (execution.status, execution.states[2:]) == (
        "SUCCEEDED",
        ["RequestRemoval", "PublishRejection", "RecordRejection", "Rejected"],
    )
    assert machine.faults.attempts["DetectLabels"] == 0
    assert machine.removals() == [{"rejected": {"bucket": IMAGES, "key": key}}]
    record = the_record(machine, execution)
    assert (record["outcome"], record["error"]["name"], record["labels"]) == ("REJECTED", error, [])
    assert set(record["image"]) == AUDITED
    (report,) = machine.reports()
    assert report["MessageAttributes"]["outcome"]["Value"] == "REJECTED"
    assert record["error"]["cause"] == json.loads(report["Message"])["error"]["cause"]


def test_a_photo_that_is_not_there_is_recorded_and_mailed_to_nobody(machine: Machine) -> None:
    """Nothing but its input speaks of the photo: no words of it go to people, and no photo's story hears of it."""
    execution = machine.run({"bucket": IMAGES, "key": "missing.jpg"})
    assert (execution.status, execution.states[2:]) == ("SUCCEEDED", ["RecordNotFound", "Rejected"])
    record = the_record(machine, execution)
    assert (record["outcome"], record["error"]["name"], record["image"]) == ("REJECTED", "ImageNotFoundError", {})
    assert (machine.reports(), machine.removals()) == ([], [])


def test_an_older_version_gives_way_silently(machine: Machine) -> None:
    """Two uploads of one key: the execution of the first writes nothing, mails nothing and says so in the trail."""
    older = machine.put("twice.jpg", picture())
    machine.put("twice.jpg", picture("PNG"))
    execution = machine.run(object_created("twice.jpg", older))
    assert (execution.status, execution.states[-2:]) == ("SUCCEEDED", ["RecordSuperseded", "Superseded"])
    record = the_record(machine, execution)
    assert (record["outcome"], record["error"]["name"]) == ("SUPERSEDED", "SupersededError")
    assert set(record["image"]) == AUDITED
    assert (machine.reports(), items(machine, "twice.jpg")) == ([], [])


def test_an_event_that_is_delivered_twice_is_reported_once(machine: Machine) -> None:
    """EventBridge names both executions; the second one ends green, writes nothing, and names the first."""
    event = object_created("delivered twice.jpg", machine.put("delivered twice.jpg", picture()))
    first = machine.run(event, name=f"{event['id']}_{uuid4()}")
    machine.audit_records()
    second = machine.run(event, name=f"{event['id']}_{uuid4()}")
    assert (second.status, second.states) == (
        "SUCCEEDED",
        ["StartEmpty", "ValidateImage", "RecordDuplicate", "Superseded"],
    )
    record = the_record(machine, second)
    assert (record["outcome"], record["error"]["name"]) == ("SUPERSEDED", "DuplicateEventError")
    assert (record["image"], record["input"]) == ({}, event)
    assert first.arn in record["error"]["cause"]
    assert len(machine.reports()) == 1


def test_a_replay_of_an_event_whose_run_failed_labels_the_photo(machine: Machine) -> None:
    event = object_created("replayed.jpg", machine.put("replayed.jpg", picture()))
    machine.faults.add("DetectLabels", "BrokenError")
    first = machine.run(event, name=f"{event['id']}_{uuid4()}")
    replay = machine.run(event | {"replay-name": "after-the-outage"}, name=f"{event['id']}_{uuid4()}")
    assert (first.status, replay.status, replay.states) == ("FAILED", "SUCCEEDED", LABELLED_PATH)
    again = machine.run(event, name=f"{event['id']}_{uuid4()}")
    assert again.states[-1] == "Superseded"
