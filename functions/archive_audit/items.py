"""The item of a run, made of an audit record or of an execution's status."""

import json
from datetime import datetime
from typing import Any, cast

from archive_audit.bounds import MOST_NAME, expiry, identity, instant, instant_of_epoch, line, names, whole
from archive_audit.environment import ArchiveAuditEnvironment
from imagelabels_shared.execution_input import input_photo, ours
from imagelabels_shared.models import Source
from imagelabels_shared.table.records import RunError, RunItem, Stages, photo_id, run_record
from imagelabels_shared.text import plain_cause

STATUS_CHANGE = "Step Functions Execution Status Change"


def run_item(message: dict[str, Any], sent: datetime) -> RunItem:
    """Return the item for an audit record or for a status-change event of Step Functions.

    `sent` is when the message was sent to the queue. Raises KeyError or ValueError for any other message.
    """
    keep_days = ArchiveAuditEnvironment.from_environ().keep_runs_days
    item = _from_event(message, sent) if message.get("detail-type") == STATUS_CHANGE else _from_record(message, sent)
    item["expires_at"] = expiry(item["recorded_at"], keep_days)
    return item


def _from_record(record: dict[str, Any], sent: datetime) -> RunItem:
    image = record["image"] if isinstance(record["image"], dict) else {}
    execution = identity(record.get("execution") or record["event"])
    started, recorded = (instant(record.get(name), sent) for name in ("startedAt", "recordedAt"))
    asked = _input_photo(record.get("input"))
    return _item(
        _photo(image) or (_id(asked) if asked else execution),
        execution,
        record["outcome"],
        Stages(started=started, recorded=recorded),
        labels=names(record.get("labels")),
        version=line(image.get("versionId")),
        etag=line(image.get("etag")),
        size=whole(image.get("size")),
        event=identity(record["event"]) if "event" in record else None,
        restarted=line(record.get("restarted")),
        error=_error(record.get("error"), "name", "cause"),
    )


def _from_event(event: dict[str, Any], sent: datetime) -> RunItem:
    """Return the item of an execution that sent no record: its status, and the photo and version of its input."""
    detail = event["detail"]
    execution = identity(detail["executionArn"])
    started, stopped = (instant_of_epoch(detail.get(name), sent) for name in ("startDate", "stopDate"))
    photo = _input_photo(_parsed(detail.get("input")))
    return _item(
        _id(photo) if photo else execution,
        execution,
        detail["status"],
        Stages(started=started, recorded=stopped),
        version=line(photo.get("versionId")) if photo else None,
        error=_error(detail, "error", "cause"),
        bare=True,
    )


def _item(image_id: str, execution: str, outcome: Any, stages: Stages, **known: Any) -> RunItem:
    item = {
        "image_id": image_id,
        "record": run_record(stages["started"], execution),
        "outcome": identity(outcome),
        "execution": execution,
        "stages": stages,
        "recorded_at": stages["recorded"],
    }
    return cast("RunItem", item | {name: value for name, value in known.items() if value is not None})


def _error(reported: Any, name: str, cause: str) -> RunError | None:
    """Return an error's name and message; its stack trace stays in the function's log."""
    if not isinstance(reported, dict) or not (reported.get(name) or reported.get(cause)):
        return None
    text = reported.get(cause)
    return RunError(
        name=line(reported.get(name), MOST_NAME) or "",
        cause=(line(plain_cause(text)) or "") if isinstance(text, str) and text else "",
    )


def _photo(image: dict[str, Any]) -> str | None:
    """Return the `image_id` of the record's photo; None when it is not a photo of this stack."""
    try:
        return _id(ours(image))
    except ValueError:
        return None


def _input_photo(execution_input: Any) -> Source | None:
    """Return the photo in an execution's input; None for other inputs and without one."""
    try:
        return input_photo(execution_input)
    except ValueError:
        return None


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text or "null")
    except (ValueError, TypeError, RecursionError):
        return None


def _id(source: Source) -> str:
    return photo_id(source["bucket"], source["key"])
