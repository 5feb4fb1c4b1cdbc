"""Reading the first and the last bytes of one version of an S3 object."""

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, object_arn
from imagelabels_shared.models import Source
from imagelabels_shared.object_versions import Head, rejection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Usually this includes the whole header, with a thumbnail and a colour profile.
HEAD_BYTES = 192 * 1024
# Phones write up to tens of kilobytes after the picture.
TAIL_BYTES = 64 * 1024


class Ends(NamedTuple):
    """A file's first bytes, its last bytes (they may overlap), and its size in bytes."""

    head: bytes
    tail: bytes
    size: int

    @property
    def whole(self) -> bool:
        return len(self.head) == self.size

    @property
    def bytes_read(self) -> int:
        return len(self.head) if self.whole else len(self.head) + len(self.tail)


def ends(s3: "S3Client", source: Source, head: Head) -> Ends:
    """Read both ends of a photo. Raises what `rejection` returns and what `aws_call` raises."""
    start = _read(s3, source, head.version, 0, min(HEAD_BYTES, head.size))
    if head.size <= HEAD_BYTES:
        return Ends(start, start, head.size)
    return Ends(start, _read(s3, source, head.version, head.size - TAIL_BYTES, head.size), head.size)


def _read(s3: "S3Client", source: Source, version: str, first: int, end: int) -> bytes:
    bucket, key = source["bucket"], source["key"]
    try:
        with aws_call("s3:GetObjectVersion", object_arn(bucket, key)):
            answer = s3.get_object(Bucket=bucket, Key=key, VersionId=version, Range=f"bytes={first}-{end - 1}")
            return answer["Body"].read()
    except ClientError as error:
        raise rejection(
            error, "The photo was deleted before it could be read. Upload it again if it is still wanted."
        ) from error
