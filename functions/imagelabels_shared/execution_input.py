"""The photo that a message or an execution's input names: an S3 event from EventBridge, or what a person typed."""

from typing import Any

from imagelabels_shared.environment import ImagesBucket
from imagelabels_shared.models import Source
from imagelabels_shared.turns.schedule import Lane

CREATED = "Object Created"
EXPECTED = f'an S3 "{CREATED}" event, or {{"bucket": "...", "key": "..."}} with an optional "versionId"'
# Bytes of a key, and of a version id: docs.aws.amazon.com/AmazonS3/latest/userguide, object-keys.html, Versioning.html.
MOST_BYTES = 1024


def locate(message: Any) -> Source:
    """Return the photo's bucket, key and, if given, version. Keys are not URL-decoded.

    Raises ValueError for any other shape, and for a key or a version that S3 cannot have.
    """
    match message:
        case {"detail": {"bucket": {"name": str(bucket)}, "object": {"key": str(key), **rest}}}:
            return _source(bucket, key, rest.get("version-id"))
        # An event that names no photo is invalid, even with `bucket` and `key` beside `detail`.
        case {"detail": _}:
            pass
        case {"bucket": str(bucket), "key": str(key), **rest}:
            return _source(bucket, key, rest.get("versionId"))
    raise ValueError(f"The execution's input must be {EXPECTED}.")


def ours(message: Any) -> Source:
    """Return the photo if it is in the images bucket. Raises ValueError, whose text contains nothing of the message."""
    source = locate(message)
    if source["bucket"] != ImagesBucket.from_environ().images_bucket:
        raise ValueError("The input names a bucket that is not this stack's bucket of images.")
    return source


def input_photo(execution_input: Any) -> Source:
    """Return the photo of an execution's input. Raises ValueError as `ours` does, and for events other than CREATED."""
    source = ours(execution_input)
    if execution_input.get("detail-type", CREATED) != CREATED:
        raise ValueError(f"The execution's input must be {EXPECTED}.")
    return source


def lane(execution_input: Any) -> Lane:
    """Return the lane of an execution: BACKFILL if its input says `"lane": "backfill"`, else LIVE."""
    asked = execution_input.get("lane") if isinstance(execution_input, dict) else None
    return Lane.BACKFILL if asked == Lane.BACKFILL else Lane.LIVE


def _source(bucket: str, key: str, version: object) -> Source:
    if not bucket or not key:
        raise ValueError(f"The bucket and the key must not be empty: the input must be {EXPECTED}.")
    source = Source(bucket=bucket, key=key)
    if isinstance(version, str) and version:
        source["versionId"] = version
    if not _possible(key) or not _possible(source.get("versionId", "")) or _climbs(key):
        raise ValueError(f"No S3 object has this key or version: the input must be {EXPECTED}.")
    return source


def _possible(text: str) -> bool:
    """Return whether a text can be encoded (JSON may contain a lone surrogate) and is not too long."""
    try:
        return len(text.encode()) <= MOST_BYTES
    except UnicodeEncodeError:
        return False


def _climbs(key: str) -> bool:
    """Return whether `..` leads out of the bucket when the key is read as a path; S3 refuses such a key."""
    depth = 0
    for part in key.split("/"):
        depth += -1 if part == ".." else part not in {"", "."}
        if depth < 0:
            return True
    return False
