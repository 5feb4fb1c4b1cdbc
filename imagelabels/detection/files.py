"""The files of a photo's last run that the work bucket still has: Rekognition's answer, and the picture it got."""

import json
from typing import Any

from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels_shared.object_versions import ARCHIVED

EXPIRED = "The boxes are kept for a day, and have expired: `imagelabels reprocess` the photo, then try again."


def answer(stack: Stack, output: dict[str, Any] | None) -> dict[str, Any]:
    """Return Rekognition's whole answer, from an execution's output; raises UserError when it has expired."""
    reference = (output or {}).get("detection", {}).get("answer")
    if not reference:
        raise UserError(EXPIRED)
    found: dict[str, Any] = json.loads(_get(stack, Bucket=reference["bucket"], Key=reference["key"]))
    return found


def photo(stack: Stack, output: dict[str, Any]) -> bytes:
    """Return the picture that Rekognition got: the normalized copy, or the version that was uploaded.

    Raises UserError when it has expired.
    """
    image = output["image"]
    if copy := image.get("normalized"):
        return _get(stack, Bucket=copy["bucket"], Key=copy["key"])
    version = {"VersionId": image["versionId"]} if image["versionId"] != "null" else {}
    return _get(stack, Bucket=image["bucket"], Key=image["key"], **version)


def _get(stack: Stack, **reference: str) -> bytes:
    try:
        body: bytes = stack.client("s3").get_object(**reference)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "NoSuchVersion"}:
            raise UserError(EXPIRED) from error
        if error.response["Error"]["Code"] == ARCHIVED:
            raise UserError("The photo is in an archive of S3: restore it there, then try again.") from error
        raise
    return body
