"""Objects that a report points to; some are kept for a day only, and a photo may be gone already."""

from typing import cast

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.images.limits import MAX_BYTES
from imagelabels_shared.object_versions import MISSING_VERSION


def fetch(bucket: str, key: str, version: str | None = None) -> bytes | None:
    """Return an object's bytes; None when it is gone or has over MAX_BYTES.

    Raises what `aws_call` raises.
    """
    place = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
    try:
        with aws_call("s3:GetObject (with s3:ListBucket)", f"arn:aws:s3:::{bucket}/{key}"):
            found = client("s3").get_object(**place)
            return cast("bytes", found["Body"].read()) if found["ContentLength"] <= MAX_BYTES else None
    except ClientError as error:
        if error_code(error) in MISSING_VERSION:
            return None
        raise
