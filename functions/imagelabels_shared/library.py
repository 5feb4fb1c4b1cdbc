"""The photos of a library that is in the bucket already: what a listing says of each, and which ones have labels.

The command counts with it before a run, and StartPhotos chooses with it during the run.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from imagelabels_shared.table.records import IMAGE_RECORD, photo_id

# What marks an execution's input as part of a run: photos that people upload come first.
LANE = "backfill"
# Photos a second, where nobody says: Rekognition's quota for DetectLabels in most Regions of a new account
# (docs.aws.amazon.com/general/latest/gr/rekognition.html).
PER_SECOND = 5.0
# Folders of the work bucket: lists of photos that the command writes, and what Step Functions writes of the batches.
LIBRARY = "library"
LISTS, RESULTS = f"{LIBRARY}/lists", f"{LIBRARY}/results"
# The sort keys of a run's batches in the labels table; their `image_id` is the name of the run.
BATCH_PREFIX = "BATCH#"
# BatchGetItem takes at most 100 keys.
MOST_AT_ONCE = 100
# An execution's name has 80 characters at most; the digest of the photo takes 33 of them.
RUN_CHARACTERS = 47


class Entry(NamedTuple):
    """One object of a listing or of a list; `version` and `etag` are "" when it does not say."""

    key: str
    version: str
    etag: str
    modified: datetime | None


class Shown(NamedTuple):
    """What the table shows of a photo: the version, its ETag, and the execution (an ARN) that labelled it."""

    version: str
    etag: str
    execution: str


def entry_of(item: Mapping[str, Any]) -> Entry:
    """Return an item of ListObjectsV2, as boto3 or as Step Functions gives it, or a line of a list.

    Raises ValueError for an item without a key, and for a time that cannot be read.
    """
    key, modified = item.get("Key"), item.get("LastModified")
    if not isinstance(key, str) or not key:
        raise ValueError(f"An item of the listing has no Key, but {', '.join(item) or 'nothing'}.")
    etag = str(item.get("Etag") or item.get("ETag") or "").strip('"')
    return Entry(key, str(item.get("VersionId") or ""), etag, None if modified is None else _moment(modified))


def _moment(value: Any) -> datetime:
    """Return a time of boto3, of Step Functions (seconds since 1970) or of a list (ISO 8601)."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)


def is_wanted(entry: Entry, prefix: str, since: datetime | None) -> bool:
    """Return whether an object is a photo of the run: folders made in the S3 console are not."""
    late = since is None or entry.modified is None or entry.modified >= since
    return late and entry.key.startswith(prefix) and not entry.key.endswith("/")


def shown(dynamodb: Any, table: str, bucket: str, entries: Iterable[Entry]) -> dict[str, Shown]:
    """Return what the table shows of up to MOST_AT_ONCE photos, by key, without those it does not show.

    `dynamodb` is a client. Raises botocore's errors.
    """
    ids = {photo_id(bucket, entry.key): entry.key for entry in entries}
    left: dict[str, Any] = _request(table, ids)
    found: dict[str, Shown] = {}
    while left:
        answer = dynamodb.batch_get_item(RequestItems=left)
        for item in answer["Responses"].get(table, []):
            key = ids[item["image_id"]["S"]]
            found[key] = Shown(*(item.get(name, {}).get("S", "") for name in ("version", "etag", "execution")))
        left = answer.get("UnprocessedKeys", {})
    return found


def _request(table: str, ids: Iterable[str]) -> dict[str, Any]:
    keys = [{"image_id": {"S": image}, "record": {"S": IMAGE_RECORD}} for image in ids]
    wanted = "image_id, #version, etag, #execution"
    names = {"#version": "version", "#execution": "execution"}
    return {table: {"Keys": keys, "ProjectionExpression": wanted, "ExpressionAttributeNames": names}} if keys else {}


def is_labelled(entry: Entry, what: Shown | None) -> bool:
    """Return whether the table shows this very object: its version if the entry names one, otherwise its ETag."""
    if what is None:
        return False
    return what.version == entry.version if entry.version else bool(entry.etag) and what.etag == entry.etag


def execution_name(run: str, entry: Entry) -> str:
    """Return the name of a photo's execution in a run: the same for each attempt, and another for another object."""
    subject = json.dumps([run, entry.key, entry.version, entry.etag])
    return f"{name_prefix(run)}{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def name_prefix(run: str) -> str:
    """Return how the names of all executions of a run begin; `run` is the name of an execution of `label-library`."""
    return f"{run[:RUN_CHARACTERS]}-"
