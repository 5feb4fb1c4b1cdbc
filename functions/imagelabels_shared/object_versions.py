"""What S3 says of a photo now; its newest version is the only order between versions that S3 vouches for."""

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MISSING = {"404", "NoSuchKey", "NotFound"}
# A version id that S3 never gave out answers 400, one that is a delete marker 405.
MISSING_VERSION = MISSING | {"400", "405", "NoSuchVersion"}
UNVERSIONED = "null"


class Head(NamedTuple):
    """One version of a photo. `size` in bytes."""

    version: str
    etag: str
    size: int


def newest(s3: "S3Client", bucket: str, key: str) -> Head | None:
    """Return the photo's newest version, None when there is none; raises what `aws_call` raises."""
    # Without s3:ListBucket, S3 answers 403 and not 404 for a key that does not exist.
    return _head(s3, {"Bucket": bucket, "Key": key}, "s3:GetObject (with s3:ListBucket)", MISSING)


def exactly(s3: "S3Client", bucket: str, key: str, version: str) -> Head | None:
    """Return this version, None when there is none; raises what `aws_call` raises."""
    place = {"Bucket": bucket, "Key": key, "VersionId": version}
    return _head(s3, place, "s3:GetObjectVersion (with s3:ListBucket)", MISSING_VERSION)


def _head(s3: "S3Client", place: dict[str, str], permission: str, missing: set[str]) -> Head | None:
    try:
        with aws_call(permission, f"arn:aws:s3:::{place['Bucket']}/{place['Key']}"):
            answer = s3.head_object(**place)  # type: ignore[arg-type]  # the stub wants one literal TypedDict
    except ClientError as error:
        if error_code(error) in missing:
            return None
        raise
    version = answer.get("VersionId") or UNVERSIONED
    return Head(version, answer["ETag"].strip('"'), answer["ContentLength"])
