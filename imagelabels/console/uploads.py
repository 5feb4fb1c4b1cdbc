"""A photo that a browser sends: refused at once when it cannot be one, and else stored as it is."""

import tempfile
from collections.abc import AsyncIterator
from typing import IO

from starlette.concurrency import run_in_threadpool

from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels_shared.execution_input import MOST_BYTES

# docs.aws.amazon.com/AmazonS3: one PutObject takes 5 GB; no camera's photo comes near this.
MOST_UPLOADED = 512 * 1024 * 1024
SPOOLED = 8 * 1024 * 1024
# How the formats begin that the workflow knows (functions/validate_image), and where in the file.
BEGINNINGS: tuple[tuple[int, tuple[bytes, ...]], ...] = (
    (0, (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")),
    (4, (b"ftyp",)),
)


async def put(source: Source, key: str, body: AsyncIterator[bytes]) -> None:
    """Store the photo; raises UserError for a key that S3 cannot have and for what is no photo."""
    if not key or key.endswith("/") or len(key.encode(errors="replace")) > MOST_BYTES:
        raise UserError("A photo needs a name of at most 1,024 bytes.")
    if not key.startswith(source.stack.prefix):
        raise UserError(f"This stack labels photos under {source.stack.prefix} only.")
    with tempfile.SpooledTemporaryFile(SPOOLED) as file:
        size = 0
        async for chunk in body:
            file.write(chunk)
            size += len(chunk)
            if size > MOST_UPLOADED:
                raise UserError(f"The file is larger than {MOST_UPLOADED // 1024 // 1024} MiB.")
        require_photo(file)
        file.seek(0)
        await run_in_threadpool(source.stack.client("s3").upload_fileobj, file, source.bucket, key)


def require_photo(file: IO[bytes]) -> None:
    """Raise UserError unless the file begins like a photo; whether it is a good one, the workflow says."""
    file.seek(0)
    head = file.read(16)
    if not head:
        raise UserError("The file is empty.")
    if not any(head[at:].startswith(one) for at, beginnings in BEGINNINGS for one in beginnings):
        raise UserError("This is no photo: it is neither JPEG, PNG, HEIC, AVIF, WebP, GIF, TIFF nor BMP.")
