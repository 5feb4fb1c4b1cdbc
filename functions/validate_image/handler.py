"""ValidateImage: pin the photo's exact version and say what it is, or why it cannot be labelled."""

import io
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from shared.aws import client
from shared.errors import EmptyImageError, ImageNotFoundError
from shared.models import Image, Source
from shared.observability import count, logger, step
from shared.photo import Head, exactly, newest
from shared.source import locate
from validate_image.duplicates import require_first
from validate_image.rules import Picture, check_limits, identify
from validate_image.s3_file import BLOCK_BYTES, S3RangeFile


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    source = locate(event["input"])
    found = find(source)
    require_first(event, source, found)
    head = pin(found)
    picture = look(source, head)
    check_limits(picture, head.size)
    count("ImagesValidated")
    image: Image = {
        "bucket": source["bucket"],
        "key": source["key"],
        "versionId": head.version,
        "etag": head.etag,
        "size": head.size,
        "format": picture.format,
        "width": picture.width,
        "height": picture.height,
    }
    return dict(image)


def find(source: Source) -> Head | None:
    """Return the version that the input names, or the newest one; None when there is none."""
    bucket, key, version = source["bucket"], source["key"], source.get("versionId")
    return exactly(client("s3"), bucket, key, version) if version else newest(client("s3"), bucket, key)


def pin(head: Head | None) -> Head:
    """Return the version that was found; raises ImageNotFoundError, EmptyImageError."""
    if head is None:
        raise ImageNotFoundError(
            "There is no such photo: it was deleted or never uploaded. Upload it, then run this again."
        )
    logger().append_keys(version=head.version)
    if head.size == 0:
        raise EmptyImageError("The file is empty: the upload was probably cut off. Upload the photo again.")
    return head


def look(source: Source, head: Head) -> Picture:
    """Say what the photo is, from as few bytes as possible; raises what `rules.identify` raises."""
    ranges = S3RangeFile(client("s3"), source, head)
    try:
        return identify(io.BufferedReader(ranges, BLOCK_BYTES))
    finally:
        logger().append_keys(bytes_read=ranges.bytes_read)
        count("BytesRead", ranges.bytes_read, MetricUnit.Bytes)
