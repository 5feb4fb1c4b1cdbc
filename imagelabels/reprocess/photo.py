"""One photo run through the workflow again."""

import json

from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack


def newest_version(stack: Stack, key: str) -> str:
    """Return the execution input for the version of a photo that is the newest when the execution starts."""
    return json.dumps({"bucket": stack.bucket, "key": key}, ensure_ascii=False)


def one_version(stack: Stack, key: str, version: str) -> str:
    """Return the execution input for one version of a photo."""
    return json.dumps({"bucket": stack.bucket, "key": key, "versionId": version}, ensure_ascii=False)


def reprocess(stack: Stack, key: str, version: str = "") -> str:
    """Start an execution for the newest version of a photo, or for `version`.

    Return its ARN; raises UserError when there is no such photo or version.
    """
    photos.require(stack, key, version)
    return executions.start(stack, one_version(stack, key, version) if version else newest_version(stack, key))
