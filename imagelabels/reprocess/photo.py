"""One photo run through the workflow again."""

import json

from imagelabels.stack import executions, photos
from imagelabels.stack.connection import Stack


def newest_version(stack: Stack, key: str) -> str:
    """Return the execution input for the newest version of a photo."""
    return json.dumps({"bucket": stack.bucket, "key": key}, ensure_ascii=False)


def reprocess(stack: Stack, key: str) -> str:
    """Start an execution with the input of the run that labelled the photo, else for its newest version.

    Return the ARN; raises UserError when there is neither that run nor the photo.
    """
    image = photos.records(stack, key).image
    execution_input = executions.input_of(stack, image["execution"]) if image else None
    if execution_input is None:
        photos.require(stack, key)
        execution_input = newest_version(stack, key)
    return executions.start(stack, execution_input)
