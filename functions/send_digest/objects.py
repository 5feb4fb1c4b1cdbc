"""Objects that a report points to; some are kept for a day only, and a photo may be gone already."""

from typing import cast

from botocore.exceptions import ClientError

from shared.aws import client, error_code, permitted
from shared.limits import MAX_BYTES
from shared.photo import MISSING_VERSION


def fetch(bucket: str, key: str, version: str | None = None) -> bytes | None:
    """Return an object's bytes; None when it is gone or has over MAX_BYTES.

    Raises what `shared.aws.permitted` raises.
    """
    place = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
    try:
        with permitted("s3:GetObject (with s3:ListBucket)", f"arn:aws:s3:::{bucket}/{key}"):
            found = client("s3").get_object(**place)
            return cast("bytes", found["Body"].read()) if found["ContentLength"] <= MAX_BYTES else None
    except ClientError as error:
        if error_code(error) in MISSING_VERSION:
            return None
        raise
