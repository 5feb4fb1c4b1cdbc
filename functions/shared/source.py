"""Which photo an execution is about: an S3 event from EventBridge, or what a person typed."""

from typing import Any

from shared.models import Source

EXPECTED = 'an S3 "Object Created" event, or {"bucket": "...", "key": "..."} with an optional "versionId"'


def locate(execution_input: Any) -> Source:
    """Return the photo's bucket, key and, if given, version; keys are taken as they are, never decoded.

    Raises ValueError for an input of any other shape.
    """
    match execution_input:
        case {"detail": {"bucket": {"name": str(bucket)}, "object": {"key": str(key), **rest}}}:
            return _source(bucket, key, rest.get("version-id"))
        case {"bucket": str(bucket), "key": str(key), **rest}:
            return _source(bucket, key, rest.get("versionId"))
    raise ValueError(f"The execution's input must be {EXPECTED}.")


def _source(bucket: str, key: str, version: object) -> Source:
    if not bucket or not key:
        raise ValueError(f"The bucket and the key must not be empty: the input must be {EXPECTED}.")
    source = Source(bucket=bucket, key=key)
    if isinstance(version, str) and version:
        source["versionId"] = version
    return source
