"""The archived runs of all photos: one scan of the table, instead of a request for each execution."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from imagelabels.stack.connection import Stack
from imagelabels_shared.table.records import RUN_PREFIX, photo_id, run_record
from imagelabels_shared.timestamps import timestamp

FIELDS = {
    "#photo": "image_id",
    "#outcome": "outcome",
    "#execution": "execution",
    "#stages": "stages",
    "#labels": "labels",
    "#error": "error",
}


def archived(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return the items of archived runs by the ARN of their execution; a run is archived a minute after its end."""
    return {item["execution"]: item for item in _items(stack)}


def _items(stack: Stack) -> Iterator[dict[str, Any]]:
    table = stack.table()
    pages = table.meta.client.get_paginator("scan").paginate(
        TableName=table.name,
        FilterExpression="begins_with(#record, :runs)",
        ProjectionExpression=", ".join(FIELDS),
        ExpressionAttributeNames={"#record": "record", **FIELDS},
        ExpressionAttributeValues={":runs": RUN_PREFIX},
    )
    return (item for page in pages for item in page["Items"])


def archived_of(stack: Stack, runs: Iterable[tuple[str, str, datetime]]) -> dict[str, dict[str, Any]]:
    """Return the items of at most 100 runs by the ARN of their execution, without those that are not archived.

    A run is its execution's ARN, its photo's key, and its start.
    """
    table = stack.table()
    keys = [
        {"image_id": photo_id(stack.bucket, key), "record": run_record(timestamp(started), arn)}
        for arn, key, started in runs
    ]
    left: dict[str, Any] = {table.name: {"Keys": keys}} if keys else {}
    found: dict[str, dict[str, Any]] = {}
    while left:
        answer = table.meta.client.batch_get_item(RequestItems=left)
        found |= {item["execution"]: item for item in answer["Responses"].get(table.name, [])}
        left = answer.get("UnprocessedKeys", {})
    return found


def key_in(stack: Stack, run: dict[str, Any]) -> str | None:
    """Return the key of a run's photo, None for a run of no photo of the stack's bucket."""
    bucket, _slash, key = str(run["image_id"]).partition("/")
    return key if bucket == stack.bucket and key else None
