"""Versions of a photo in S3. Which one is the newest is the only order of versions that S3 guarantees."""

from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, error_code, object_arn
from imagelabels_shared.errors import ArchivedImageError, ImageNotFoundError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MISSING = {"404", "NoSuchKey", "NotFound"}
# S3 answers 400 for a version id that it never made, and 405 for that of a delete marker.
MISSING_VERSION = MISSING | {"400", "405", "NoSuchVersion"}
UNVERSIONED = "null"
# S3 answers so to a read of an object that is in an archive (a storage class, or an access tier of INTELLIGENT_TIERING)
# and is not restored; to HeadObject it answers as to any other.
ARCHIVED = "InvalidObjectState"


class Head(NamedTuple):
    """One version of a photo. `size` in bytes."""

    version: str
    etag: str
    size: int


def is_version(head: Head, version: str, etag: str) -> bool:
    """Return whether an object is this version; a bucket without versions has one id for all, and the ETag tells."""
    return head.version == version and (version != UNVERSIONED or head.etag == etag)


def newest(s3: "S3Client", bucket: str, key: str) -> Head | None:
    """Return the photo's newest version; None when there is none. Raises what `aws_call` raises."""
    # Without s3:ListBucket, S3 answers 403 and not 404 for a key that does not exist.
    return _head(s3, {"Bucket": bucket, "Key": key}, "s3:GetObject (with s3:ListBucket)", MISSING)


def exactly(s3: "S3Client", bucket: str, key: str, version: str) -> Head | None:
    """Return this version; None when there is none. Raises what `aws_call` raises."""
    target = {"Bucket": bucket, "Key": key, "VersionId": version}
    return _head(s3, target, "s3:GetObjectVersion (with s3:ListBucket)", MISSING_VERSION)


def _head(s3: "S3Client", target: dict[str, str], permission: str, missing: set[str]) -> Head | None:
    try:
        with aws_call(permission, object_arn(target["Bucket"], target["Key"])):
            answer = s3.head_object(**target)  # type: ignore[arg-type]  # the stub wants one literal TypedDict
    except ClientError as error:
        if error_code(error) in missing:
            return None
        raise
    version = answer.get("VersionId") or UNVERSIONED
    return Head(version, answer["ETag"].strip('"'), answer["ContentLength"])


def rejection(error: ClientError, gone: str) -> Exception:
    """Return what a failed read of one version means to the photo's owner.

    ImageNotFoundError with the sentence `gone` when the version was deleted, ArchivedImageError when it is in an
    archive, otherwise the error itself.
    """
    if error_code(error) in MISSING | {"NoSuchVersion"}:
        return ImageNotFoundError(gone)
    if error_code(error) == ARCHIVED:
        return ArchivedImageError(
            f"The photo is in an archive of S3 ({_archive(error)}), where it cannot be read. Restore it (S3 console: "
            "Initiate restore), and it is labelled as soon as it can be read; or upload it again in another class."
        )
    return error


def _archive(error: ClientError) -> str:
    answer: dict[str, Any] = {**error.response}
    return str(answer.get("AccessTier") or answer.get("StorageClass") or "an archive storage class")
