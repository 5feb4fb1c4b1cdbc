"""What the work bucket still has of a photo's last run: Rekognition's whole answer, and the copy it looked at."""

import json
from typing import Any

from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.stack.pipeline import Pipeline

EXPIRED = "The boxes are kept for a day, and have expired: `imagelabels reprocess` the photo, then try again."


def answer(pipeline: Pipeline, output: dict[str, Any] | None) -> dict[str, Any]:
    """Return Rekognition's whole answer from an execution's output; raises UserError when it has expired."""
    place = (output or {}).get("detection", {}).get("answer")
    if not place:
        raise UserError(EXPIRED)
    found: dict[str, Any] = json.loads(_get(pipeline, Bucket=place["bucket"], Key=place["key"]))
    return found


def photo(pipeline: Pipeline, output: dict[str, Any]) -> bytes:
    """Return the picture that Rekognition looked at: the normalized copy, or the version that was uploaded."""
    image = output["image"]
    if copy := image.get("normalized"):
        return _get(pipeline, Bucket=copy["bucket"], Key=copy["key"])
    version = {"VersionId": image["versionId"]} if image["versionId"] != "null" else {}
    return _get(pipeline, Bucket=image["bucket"], Key=image["key"], **version)


def _get(pipeline: Pipeline, **place: str) -> bytes:
    try:
        body: bytes = pipeline.s3.get_object(**place)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "NoSuchVersion"}:
            raise
        raise UserError(EXPIRED) from error
    return body
