import json
from contextvars import ContextVar
from typing import Any

from ministack.services import eventbridge, s3

# What is missing in the event that this context sends to EventBridge.
MISSING: ContextVar[dict[str, Any]] = ContextVar("MISSING", default={})  # noqa: B039  # it is never changed
# The emulator's names for two fields of the event after a restore, and AWS's names on EventBridge.
RESTORED = {
    "restore-expiry-time": "lifecycleRestorationExpiryTime",
    "source-storage-class": "lifecycleRestoreStorageClass",
}


def apply() -> None:
    """Send the version of the object with each S3 event, and the end of a restored copy with its event.

    AWS: `object.version-id` names the version, or the delete marker, in a bucket with versions; after a restore,
    `restore-expiry-time` and `source-storage-class` are beside `object`.
    The emulator: its events for EventBridge have none of them.
    Source: docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event  # noqa: SLF001  # every S3 event passes through both

    def fire_with_fields(bucket: str, key: str, event_name: str, *rest: Any, **named: Any) -> None:
        restored = named.get("restore_event_data") or {}
        fields = {name: restored[field] for name, field in RESTORED.items() if field in restored}
        token = MISSING.set({"version-id": named.get("version_id") or _current_version(bucket, key), **fields})
        try:
            fire(bucket, key, event_name, *rest, **named)
        finally:
            MISSING.reset(token)

    def dispatch_with_fields(event: dict[str, Any], view: Any = None) -> None:
        # An execution that the event starts has its context, too, and sends events of its own.
        of_s3 = MISSING.get() and event["Source"] == "aws.s3"
        dispatch(_complete(event, **MISSING.get()) if of_s3 else event, view)

    s3._fire_s3_event, eventbridge._dispatch_event = fire_with_fields, dispatch_with_fields  # noqa: SLF001


def _current_version(bucket: str, key: str) -> str | None:
    """Return the version that a restore is about: the emulator restores only the newest one."""
    version: str | None = s3._buckets[bucket]["objects"].get(key, {}).get("version_id")  # noqa: SLF001
    return version


def _complete(event: dict[str, Any], **fields: Any) -> dict[str, Any]:
    detail = json.loads(event["Detail"])
    version = fields.pop("version-id")
    named = {"version-id": version} if version else {}
    detail |= {"object": detail["object"] | named, **fields}
    return event | {"Detail": json.dumps(detail)}
