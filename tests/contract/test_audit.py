"""Every sender of an audit record keeps to docs/audit.schema.json, and so does the type that functions build."""

import json
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from imagelabels_shared.audit import AuditedError, AuditedImage, AuditRecord, event_record
from imagelabels_shared.queue_handler import Record
from keep_undelivered.handler import audit_record
from publish_report.facts import gather
from publish_report.handler import audited
from tests.contract.conftest import ROOT

SCHEMA = json.loads((ROOT / "docs" / "audit.schema.json").read_text())
VALID = Draft202012Validator(SCHEMA)
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:label-image:one"
TIME = "2026-11-22T17:04:05.123Z"
PHOTO = {"bucket": "images", "key": "a.jpg", "versionId": "v1", "etag": "e", "size": 5}
EVENT = {
    "id": "e1",
    "time": "2026-11-22T17:04:05Z",
    "detail": {"bucket": {"name": "images"}, "object": {"key": "a.jpg"}},
}
FAILURE = {"Error": "EmptyImageError", "Cause": '{"errorMessage": "The file is empty."}'}


def senders(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the Parameters of each state that sends to the audit queue."""
    return {
        name: state["Parameters"]
        for name, state in definition["States"].items()
        if state.get("Parameters", {}).get("QueueUrl") == "${AuditQueueUrl}"
    }


def inputs() -> dict[str, Any]:
    """Return what the paths of the states' Parameters find: the state's input, and the context object as `$`."""
    payload = {"outcome": "REJECTED", "execution": EXECUTION, "input": EVENT}
    report = audited(gather(payload | {"state": {"image": PHOTO, "failure": FAILURE}}))
    context = {"Execution": {"Id": EXECUTION, "StartTime": TIME, "Input": EVENT}, "State": {"EnteredTime": TIME}}
    return {"image": PHOTO, "failure": FAILURE, "report": report, "$": context}


def evaluated(template: Any, state: dict[str, Any]) -> Any:
    """Return a payload template of the States Language with its paths replaced by what they find."""
    if isinstance(template, dict):
        return {
            name.removesuffix(".$"): found(value, state) if name.endswith(".$") else evaluated(value, state)
            for name, value in template.items()
        }
    return template


def found(path: str, state: dict[str, Any]) -> Any:
    value: Any = state
    for field in path.removeprefix("$.").removeprefix("$").split("."):
        value = value[field]
    return value


def test_every_state_that_sends_a_record_keeps_to_the_schema(definition: dict[str, Any]) -> None:
    sent = {name: evaluated(parameters["MessageBody"], inputs()) for name, parameters in senders(definition).items()}
    assert set(sent) == {name for name in definition["States"] if name.startswith("Record")}
    for record in sent.values():
        VALID.validate(record)


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "DONE"},
        {"photo": "a.jpg"},
        {"labels.$": "$.failure.Error"},
        {"error": {"name.$": "$.failure.Error"}},
        {"startedAt": "yesterday"},
        {"event": "e1"},
    ],
)
def test_a_state_that_sends_anything_else_is_noticed(definition: dict[str, Any], wrong: dict[str, Any]) -> None:
    body = senders(definition)["RecordFailure"]["MessageBody"] | wrong
    with pytest.raises(ValidationError):
        VALID.validate(evaluated(body, inputs()))


def test_a_report_without_a_photo_gives_a_record() -> None:
    """Fields that are not known are null."""
    unknown = audited(gather({"outcome": "FAILED", "execution": EXECUTION, "input": {}, "state": {"failure": FAILURE}}))
    VALID.evolve(schema=SCHEMA["properties"]["image"]).validate(unknown["image"])


def test_what_functions_build_keeps_to_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGES_BUCKET", "images")
    message = Record(messageId="0", body="", attributes={"SentTimestamp": "1795367045123"}, messageAttributes={})
    undelivered = audit_record(EVENT, {"ERROR_CODE": "THROTTLED", "ERROR_MESSAGE": "Later"}, message)
    assert undelivered["recordedAt"] == TIME
    deleted = event_record(EVENT, "DELETED", {"bucket": "images", "key": "a.jpg"}, TIME)
    restored = event_record(EVENT, "RESTORED", {"versionId": "v1"}, TIME, restarted=EXECUTION)
    for record in (undelivered, deleted, restored):
        VALID.validate(record)


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        (AuditRecord, SCHEMA),
        (AuditedImage, SCHEMA["properties"]["image"]),
        (AuditedError, SCHEMA["properties"]["error"]),
    ],
)
def test_the_type_and_the_schema_have_the_same_fields(shape: Any, schema: dict[str, Any]) -> None:
    assert set(shape.__annotations__) == set(schema["properties"])
    assert set(shape.__required_keys__) == set(schema.get("required", []))


def test_the_type_and_the_schema_have_the_same_outcomes() -> None:
    outcomes = get_type_hints(AuditRecord)["outcome"]
    assert get_origin(outcomes) is Literal
    assert list(get_args(outcomes)) == SCHEMA["properties"]["outcome"]["enum"]
