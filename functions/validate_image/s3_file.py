"""A file object over one version of an S3 object that fetches only the bytes that are asked for."""

import io
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.aws import error_code, permitted
from shared.errors import ImageNotFoundError
from shared.models import Source
from shared.photo import Head

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from mypy_boto3_s3 import S3Client

# Pillow asks for a few bytes at a time; one request of this size usually holds a photo's whole header.
BLOCK_BYTES = 32 * 1024


class S3RangeFile(io.RawIOBase):
    """Readable and seekable; wrap it in io.BufferedReader. `bytes_read` counts what S3 sent.

    Raises ImageNotFoundError when the version is gone, and what `shared.aws.permitted` raises.
    """

    def __init__(self, s3: "S3Client", source: Source, head: Head) -> None:
        super().__init__()
        self._s3, self._source, self._version, self._size = s3, source, head.version, head.size
        self._position = 0
        self.bytes_read = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._position)
        if wanted <= 0:
            return 0
        data = self._fetch(self._position, self._position + wanted - 1)
        view[: len(data)] = data
        self._position += len(data)
        self.bytes_read += len(data)
        return len(data)

    def _fetch(self, first: int, last: int) -> bytes:
        bucket, key = self._source["bucket"], self._source["key"]
        try:
            with permitted("s3:GetObjectVersion", f"arn:aws:s3:::{bucket}/{key}"):
                answer = self._s3.get_object(
                    Bucket=bucket, Key=key, VersionId=self._version, Range=f"bytes={first}-{last}"
                )
                return answer["Body"].read()
        except ClientError as error:
            if error_code(error) in {"NoSuchKey", "NoSuchVersion"}:
                raise ImageNotFoundError(
                    "The photo was deleted before it could be read. Upload it again if it is still wanted."
                ) from error
            raise
