"""The photo, small, with the boxes of its labels drawn on it."""

import json
import tempfile
from typing import Any, cast

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code, object_arn
from imagelabels_shared.images.boxes import LabelledBox, boxes
from imagelabels_shared.images.limits import MAX_BYTES
from imagelabels_shared.models import Report
from imagelabels_shared.object_versions import ARCHIVED, MISSING_VERSION
from imagelabels_shared.observability import logger
from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.step import sandboxed

DRAWING = "imagelabels_shared.images.drawing"
LONGEST_SIDE_PX = 640
MOST_BOXES = 30
# Seconds: a photo of 100 megapixels takes one. Memory: less than the function's (infra/reports.py), minus what its own
# process needs; a test compares them.
BOUNDS = Bounds(seconds=5, memory_bytes=1700 * 1024 * 1024, file_bytes=4 * 1024 * 1024)


def picture(report: Report) -> bytes | None:
    """Return a JPEG of the photo that Rekognition got, with boxes; None when it was deleted or cannot be drawn.

    Raises what `aws_call` raises.
    """
    seen = report["image"].get("normalized") or report["image"]
    photo = fetch(seen["bucket"], seen["key"], seen.get("versionId"))
    answer = fetch(report["answer"]["bucket"], report["answer"]["key"])
    return _drawn(photo, answer, {label["name"] for label in report["labels"]}) if photo else None


def fetch(bucket: str, key: str, version: str | None = None) -> bytes | None:
    """Return an object's bytes; None when it was deleted or archived, or is over MAX_BYTES.

    The work bucket keeps objects for a day. Raises what `aws_call` raises.
    """
    target = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
    try:
        with aws_call("s3:GetObject (with s3:ListBucket)", object_arn(bucket, key)):
            found = client("s3").get_object(**target)
            return cast("bytes", found["Body"].read()) if found["ContentLength"] <= MAX_BYTES else None
    except ClientError as error:
        if error_code(error) in MISSING_VERSION | {ARCHIVED}:
            return None
        raise


def _drawn(photo: bytes, answer: bytes | None, names: set[str]) -> bytes | None:
    try:
        return draw(photo, boxes_of(json.loads(answer or b'{"Labels": []}'), names))
    except Exception as error:  # noqa: BLE001  # the report is sent without a picture then
        logger().warning("The photo could not be drawn", error=type(error).__name__, cause=str(error))
        return None


def boxes_of(answer: dict[str, Any], names: set[str]) -> list[LabelledBox]:
    """Return the boxes of the labels with these names, which are those in the report; the answer may have more."""
    return boxes({"Labels": [label for label in answer["Labels"] if label["Name"] in names]})


def draw(photo: bytes, found: list[LabelledBox]) -> bytes:
    """Return the photo as a small, upright JPEG with named boxes. Raises what `sandboxed` raises."""
    arguments = {"boxes": found[:MOST_BOXES], "format": "JPEG", "longest_side": LONGEST_SIDE_PX}
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as result:
        file.write(photo)
        file.flush()
        sandboxed(DRAWING, arguments, photo=file, result=result, bounds=BOUNDS)
        return result.read()
