"""One item per run, whatever told of it: `RUN#<start, to the second>#<execution name>` of the photo."""

import json
from datetime import UTC, datetime
from typing import Any

from shared.labels_table import FIRST_RUN, Item, photo_id
from shared.source import locate

STATUS_CHANGE = "Step Functions Execution Status Change"
IMAGE = {"versionId": "version", "etag": "etag", "size": "size"}


def run_item(message: dict[str, Any]) -> Item:
    """Return the item for an audit record or for a status-change event; raises KeyError or ValueError for others."""
    return _from_event(message) if message.get("detail-type") == STATUS_CHANGE else _from_record(message)


def _from_record(record: dict[str, Any]) -> Item:
    image, execution = record["image"], record.get("execution") or record["event"]
    found = {name: image.get(field) for field, name in IMAGE.items()} | {"error": record.get("error")}
    return {
        **_key(_photo(image) or execution, record["startedAt"], execution),
        **{name: value for name, value in found.items() if value is not None},
        **{name: record[name] for name in ("event", "restarted", "undelivered") if name in record},
        "outcome": record["outcome"],
        "execution": execution,
        "labels": record["labels"],
        "stages": {"started": instant(record["startedAt"]), "recorded": instant(record["recordedAt"])},
        "recorded_at": instant(record["recordedAt"]),
    }


def _from_event(event: dict[str, Any]) -> Item:
    """An execution that was aborted or timed out wrote no record: its status is all there is."""
    detail = event["detail"]
    started, stopped = (_of_epoch(detail[name]) for name in ("startDate", "stopDate"))
    error = {name: detail[name] for name in ("error", "cause") if detail.get(name)}
    return {
        **_key(_input_photo(detail) or detail["executionArn"], started, detail["executionArn"]),
        **({"error": {"name": error.get("error", ""), "cause": error.get("cause", "")}} if error else {}),
        "outcome": detail["status"],
        "execution": detail["executionArn"],
        "stages": {"started": started, "recorded": stopped},
        "recorded_at": stopped,
        "bare": True,
    }


def _key(photo: str, started: str, execution: str) -> Item:
    # To the second: the same start is written with more or fewer digits by different services.
    second = instant(started)[:19]
    return {"image_id": photo, "record": f"{FIRST_RUN}{second}Z#{execution.rsplit(':', 1)[-1]}"}


def _photo(image: dict[str, Any]) -> str | None:
    return photo_id(image["bucket"], image["key"]) if image.get("bucket") and image.get("key") else None


def _input_photo(detail: dict[str, Any]) -> str | None:
    """Return the photo that an execution's input names; None for any other shape, or when it is too long to be told."""
    try:
        return _photo(dict(locate(json.loads(detail.get("input") or "null"))))
    except ValueError:
        return None


def instant(text: str) -> str:
    """Return a time in one form, so that times can be compared as text."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _of_epoch(milliseconds: int) -> str:
    return instant(datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat())
