"""One item per run, whatever told of it: `RUN#<start, to the second>#<execution name>` of the photo."""

import json
from datetime import datetime
from typing import Any

from archive_audit.bounds import MOST_NAME, expiry, identity, instant, line, names, of_epoch, whole
from archive_audit.environment import ArchiveAuditEnvironment
from imagelabels_shared.execution_input import input_photo, ours
from imagelabels_shared.models import Source
from imagelabels_shared.table.labels import FIRST_RUN, Item, photo_id
from imagelabels_shared.text import plain_cause

STATUS_CHANGE = "Step Functions Execution Status Change"


def run_item(message: dict[str, Any], sent: datetime) -> Item:
    """Return the item for an audit record or for a status-change event, which was `sent` to the trail.

    Raises KeyError or ValueError for a message that is neither.
    """
    keep_days = ArchiveAuditEnvironment.from_environ().keep_runs_days
    item = _from_event(message, sent) if message.get("detail-type") == STATUS_CHANGE else _from_record(message, sent)
    return {**item, "expires_at": expiry(item["recorded_at"], keep_days)}


def _from_record(record: dict[str, Any], sent: datetime) -> Item:
    image = record["image"] if isinstance(record["image"], dict) else {}
    execution = identity(record.get("execution") or record["event"])
    started, recorded = (instant(record.get(name), sent) for name in ("startedAt", "recordedAt"))
    told = {
        "version": line(image.get("versionId")),
        "etag": line(image.get("etag")),
        "size": whole(image.get("size")),
        "event": identity(record["event"]) if "event" in record else None,
        "restarted": line(record.get("restarted")),
        "error": _error(record.get("error"), "name", "cause"),
    }
    return {
        **_key(_photo(image) or execution, started, execution),
        **{name: value for name, value in told.items() if value is not None},
        "outcome": identity(record["outcome"]),
        "execution": execution,
        "labels": names(record.get("labels")),
        "stages": {"started": started, "recorded": recorded},
        "recorded_at": recorded,
    }


def _from_event(event: dict[str, Any], sent: datetime) -> Item:
    """An execution that was aborted or timed out wrote no record: its status is all there is."""
    detail = event["detail"]
    execution = identity(detail["executionArn"])
    started, stopped = (of_epoch(detail.get(name), sent) for name in ("startDate", "stopDate"))
    error = _error(detail, "error", "cause")
    return {
        **_key(_input_photo(detail) or execution, started, execution),
        **({"error": error} if error else {}),
        "outcome": identity(detail["status"]),
        "execution": execution,
        "stages": {"started": started, "recorded": stopped},
        "recorded_at": stopped,
        "bare": True,
    }


def _error(told: Any, name: str, cause: str) -> dict[str, str] | None:
    """Return an error's name and one sentence: a stack trace is for the function's log."""
    if not isinstance(told, dict) or not (told.get(name) or told.get(cause)):
        return None
    said = told.get(cause)
    return {
        "name": line(told.get(name), MOST_NAME) or "",
        "cause": (line(plain_cause(said)) or "") if isinstance(said, str) and said else "",
    }


def _key(photo: str, started: str, execution: str) -> Item:
    # To the second: the same start is written with more or fewer digits by different services.
    return {"image_id": photo, "record": f"{FIRST_RUN}{started[:19]}Z#{execution.rsplit(':', 1)[-1]}"}


def _photo(image: dict[str, Any]) -> str | None:
    """Return the photo that a record is about; None when it is none of ours, and the record is about its run alone."""
    try:
        return _id(ours(image))
    except ValueError:
        return None


def _input_photo(detail: dict[str, Any]) -> str | None:
    """Return the photo that an execution's input names; None for any other, or when it is too long to be told."""
    try:
        return _id(input_photo(json.loads(detail.get("input") or "null")))
    except (ValueError, TypeError, RecursionError):
        return None


def _id(source: Source) -> str:
    return photo_id(source["bucket"], source["key"])
