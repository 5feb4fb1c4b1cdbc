"""S3's events on this machine name the version, and the end of a restored copy, as AWS's do."""

import json
from typing import Any

import pytest
from ministack.services import eventbridge, s3

from imagelabels.local.emulator import s3_event_fields

BUCKET, KEY = "images", "a b+c%20.jpg"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The details of the events that S3 sends to EventBridge, with the correction."""
    sent: list[dict[str, Any]] = []

    def dispatch(event: dict[str, Any], _view: Any = None) -> None:
        sent.append(json.loads(event["Detail"]))

    # monkeypatch restores the functions that the correction replaces for the whole process.
    monkeypatch.setattr(s3, "_fire_s3_event", s3._fire_s3_event)  # noqa: SLF001
    monkeypatch.setattr(eventbridge, "_dispatch_event", dispatch)
    notifications = "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"
    monkeypatch.setattr(s3, "_bucket_notifications", {BUCKET: notifications})
    monkeypatch.setattr(s3, "_buckets", {BUCKET: {"objects": {KEY: {"version_id": "v2"}}}})
    s3_event_fields.apply()
    return sent


def fire(event_name: str, **named: Any) -> None:
    s3._fire_s3_event(BUCKET, KEY, event_name, 5, '"etag"', **named)  # noqa: SLF001


def test_an_upload_and_a_deletion_name_their_version(events: list[dict[str, Any]]) -> None:
    fire("s3:ObjectCreated:Put", version_id="v1")
    fire("s3:ObjectRemoved:DeleteMarkerCreated", deletion_type="Delete Marker Created", version_id="marker")
    assert [event["object"]["version-id"] for event in events] == ["v1", "marker"]
    assert {event["object"]["key"] for event in events} == {KEY}


def test_a_restore_names_the_version_and_when_the_copy_ends(events: list[dict[str, Any]]) -> None:
    until = {"lifecycleRestorationExpiryTime": "2026-12-01T00:00:00.000Z", "lifecycleRestoreStorageClass": "GLACIER"}
    fire("s3:ObjectRestore:Completed", restore_event_data=until)
    (event,) = events
    assert event["object"]["version-id"] == "v2"
    assert event["restore-expiry-time"] == "2026-12-01T00:00:00.000Z"
    assert event["source-storage-class"] == "GLACIER"


def test_an_object_without_versions_has_none(events: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_buckets", {BUCKET: {"objects": {KEY: {"version_id": None}}}})
    fire("s3:ObjectCreated:Put")
    assert "version-id" not in events[0]["object"]


def test_an_event_of_what_an_upload_starts_is_left_alone(
    events: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator runs an execution in the context of the event that started it."""
    status = {"Source": "aws.states", "Detail": json.dumps({"status": "FAILED"})}
    started = eventbridge._dispatch_event  # noqa: SLF001

    def fire_and_fail(*_arguments: Any, **_named: Any) -> None:
        started(status)

    monkeypatch.setattr(s3, "_fire_s3_event", fire_and_fail)
    s3_event_fields.apply()
    fire("s3:ObjectCreated:Put", version_id="v1")
    assert events == [{"status": "FAILED"}]
