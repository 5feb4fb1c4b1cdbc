"""What S3, the table and Step Functions remember of many photos at once."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from imagelabels.stack.pipeline import IMAGE_RECORD, Pipeline, key_in, outcome_of

# BatchGetItem takes at most 100 keys.
BATCH = 100
NAMES = {"#execution": "execution"}


class Ended(NamedTuple):
    """An execution that ended at `at`, with the error's name, if there was one."""

    key: str
    input: str
    at: datetime
    outcome: str
    error: str | None


def keys_of(pipeline: Pipeline, prefix: str) -> Iterator[str]:
    """Yield the keys of the photos in the bucket; folders made in the S3 console are none."""
    pages = pipeline.s3.get_paginator("list_objects_v2").paginate(Bucket=pipeline.bucket, Prefix=prefix)
    every = (one["Key"] for page in pages for one in page.get("Contents", []))
    return (key for key in every if not key.endswith("/"))


def labelled_at(pipeline: Pipeline, keys: list[str]) -> dict[str, datetime]:
    """Return when each photo was labelled last, without those that never were."""
    return {item["object_key"]: datetime.fromisoformat(item["labelled_at"]) for item in _labelled(pipeline, keys)}


def executions_of(pipeline: Pipeline, keys: list[str]) -> dict[str, str]:
    """Return the ARN of the execution that labelled each photo last, without those that never were."""
    return {item["object_key"]: item["execution"] for item in _labelled(pipeline, keys)}


def _labelled(pipeline: Pipeline, keys: list[str]) -> Iterator[dict[str, Any]]:
    return (item for start in range(0, len(keys), BATCH) for item in _images(pipeline, keys[start : start + BATCH]))


def _images(pipeline: Pipeline, keys: list[str]) -> Iterator[dict[str, Any]]:
    table = pipeline.connection.table()
    photos = [{"image_id": f"{pipeline.bucket}/{key}", "record": IMAGE_RECORD} for key in keys]
    wanted = {"ProjectionExpression": "object_key, labelled_at, #execution", "ExpressionAttributeNames": NAMES}
    left: dict[str, Any] = {table.name: {"Keys": photos, **wanted}}
    while left:
        answer = table.meta.client.batch_get_item(RequestItems=left)
        yield from answer["Responses"].get(table.name, [])
        left = answer.get("UnprocessedKeys", {})


def ended(pipeline: Pipeline, statuses: Iterable[str]) -> Iterator[Ended]:
    """Yield the executions of these statuses that are about a photo; Step Functions forgets them after 90 days."""
    for status in statuses:
        for one in pipeline.listed(status):
            found = pipeline.states.describe_execution(executionArn=one["executionArn"])
            if key := key_in(found["input"]):
                yield _ended(key, found)


def _ended(key: str, found: dict[str, Any]) -> Ended:
    output = json.loads(found.get("output") or "{}")
    error = found.get("error") or output.get("failure", {}).get("Error")
    return Ended(key, found["input"], found["stopDate"], outcome_of(found["status"], output), error)
