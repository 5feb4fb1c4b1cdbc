"""Emptying a bucket: every version and every delete marker of every object, until a listing finds none."""

import time
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from imagelabels.errors import UserError

# Another try may do; any other error needs a person.
TRANSIENT = {"InternalError", "OperationAborted", "RequestTimeout", "ServiceUnavailable", "SlowDown"}
GONE = {"NoSuchKey", "NoSuchVersion"}
NOT_IN_XML = "\ufffe\uffff"
MOST_PASSES = 20
PAUSE_SECONDS = 2
Version = dict[str, str]


def empty(s3: Any, bucket: str, deleted: Callable[[int], object]) -> int:
    """Delete everything in a bucket and return how many versions there were; 0 for a bucket that is gone.

    `deleted` is called with the number of each deletion. Raises UserError when S3 refuses to delete a version,
    or when the bucket does not stay empty.
    """
    total = 0
    for _ in range(MOST_PASSES):
        found, left = _pass(s3, bucket, deleted)
        if not found:
            return total
        total += found - left
        if left:
            time.sleep(PAUSE_SECONDS)
    raise UserError(f"{bucket} still has {found} versions of objects after {MOST_PASSES} tries: who writes to it?")


def _pass(s3: Any, bucket: str, deleted: Callable[[int], object]) -> tuple[int, int]:
    """Delete what one listing finds; return how many versions it found, and how many are left after faults."""
    found = left = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            versions = _versions(page)
            failed = sum(_delete(s3, bucket, batch) for batch in _batches(versions))
            deleted(len(versions) - failed)
            found, left = found + len(versions), left + failed
    except s3.exceptions.NoSuchBucket:
        return 0, 0
    return found, left


def _versions(page: dict[str, Any]) -> list[Version]:
    both = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
    return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in both]


def _batches(versions: list[Version]) -> Iterator[list[Version]]:
    """Yield what one request may delete: XML 1.0 has no form for control characters, so such a key is alone."""
    together = [version for version in versions if not _needs_url(version["Key"])]
    yield from ([version] for version in versions if _needs_url(version["Key"]))
    if together:
        yield together


def _needs_url(key: str) -> bool:
    return any(unicodedata.category(character) == "Cc" or character in NOT_IN_XML for character in key)


def _delete(s3: Any, bucket: str, batch: list[Version]) -> int:
    """Delete some versions; return how many were not deleted after a fault. Raises UserError for other errors."""
    if _needs_url(batch[0]["Key"]):
        s3.delete_object(Bucket=bucket, **batch[0])
        return 0
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
    errors = [error for error in answer.get("Errors", []) if error["Code"] not in GONE]
    if refused := [error for error in errors if error["Code"] not in TRANSIENT]:
        first = refused[0]
        raise UserError(
            f"S3 refused to delete {len(refused)} objects of {bucket}, the first is {first['Key']!r}: "
            f"{first['Code']}: {first.get('Message', '')}"
        )
    return len(errors)
