"""What S3, the table and Step Functions know of many photos at once."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from imagelabels.stack.archived import archived, key_in
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import described, entries_of, outcome_of, photo_in
from imagelabels.stack.spelling import spellings
from imagelabels_shared.table.records import IMAGE_RECORD, photo_id

# BatchGetItem takes at most 100 keys.
BATCH = 100
NAMES = {"#execution": "execution"}


class EndedExecution(NamedTuple):
    """An execution that ended at `at`, and the error's name, if there was one."""

    key: str
    at: datetime
    outcome: str
    error: str | None


def keys_of(stack: Stack, prefix: str) -> Iterator[str]:
    """Yield the keys of the photos in the bucket, without the folders that the S3 console makes.

    The prefix may be spelled in Unicode's NFC or NFD.
    """
    lister = stack.client("s3").get_paginator("list_objects_v2")
    pages = chain.from_iterable(lister.paginate(Bucket=stack.bucket, Prefix=one) for one in sorted(spellings(prefix)))
    keys = (entry["Key"] for page in pages for entry in page.get("Contents", []))
    return (key for key in keys if not key.endswith("/"))


def labelled_at(stack: Stack, keys: list[str]) -> dict[str, datetime]:
    """Return when each photo was labelled last, without photos that were never labelled."""
    return {item["object_key"]: datetime.fromisoformat(item["labelled_at"]) for item in _labelled(stack, keys)}


def executions_of(stack: Stack, keys: list[str]) -> dict[str, str]:
    """Return the ARN of the execution that labelled each photo last, without photos that were never labelled."""
    return {item["object_key"]: item["execution"] for item in _labelled(stack, keys)}


def _labelled(stack: Stack, keys: list[str]) -> Iterator[dict[str, Any]]:
    return (item for start in range(0, len(keys), BATCH) for item in _images(stack, keys[start : start + BATCH]))


def _images(stack: Stack, keys: list[str]) -> Iterator[dict[str, Any]]:
    table = stack.table()
    photos = [{"image_id": photo_id(stack.bucket, key), "record": IMAGE_RECORD} for key in keys]
    wanted = {"ProjectionExpression": "object_key, labelled_at, #execution", "ExpressionAttributeNames": NAMES}
    left: dict[str, Any] = {table.name: {"Keys": photos, **wanted}}
    while left:
        answer = table.meta.client.batch_get_item(RequestItems=left)
        yield from answer["Responses"].get(table.name, [])
        left = answer.get("UnprocessedKeys", {})


def ended(stack: Stack, statuses: Iterable[str]) -> Iterator[EndedExecution]:
    """Yield the executions that ended and that name a photo of the stack's bucket: the archived ones of any status.

    Those of `statuses` that are not archived yet are described; Step Functions deletes executions after 90 days.
    """
    runs = archived(stack)
    for run in runs.values():
        if key := key_in(stack, run):
            at = datetime.fromisoformat(run["stages"]["recorded"])
            yield EndedExecution(key, at, run["outcome"], run.get("error", {}).get("name"))
    new = [entry["executionArn"] for status in statuses for entry in entries_of(stack, status)]
    for found in described(stack, [arn for arn in new if arn not in runs]):
        photo = photo_in(found["input"])
        if photo and photo["bucket"] == stack.bucket:
            yield _ended(photo["key"], found)


def _ended(key: str, found: dict[str, Any]) -> EndedExecution:
    output = json.loads(found.get("output") or "{}")
    error = found.get("error") or output.get("failure", {}).get("Error")
    return EndedExecution(key, found["stopDate"], outcome_of(found["status"], output), error)
