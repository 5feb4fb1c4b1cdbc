"""The objects of an S3 Inventory report, read from its manifest.

Keys in a report are URL-encoded (docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html).
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels_shared.library import Entry

SCHEME = "s3://"
TRUE, FALSE = "true", "false"


def inventory(stack: Stack, address: str) -> Iterator[Entry]:
    """Yield the newest version of each object in a report; `address` is s3://BUCKET/.../manifest.json.

    Raises UserError for an address that leads to no manifest, for a report of another bucket, and for ORC and Parquet.
    """
    manifest = _manifest(stack, address)
    if manifest.get("sourceBucket") != stack.bucket:
        raise UserError(f"The inventory is of {manifest.get('sourceBucket')}, and the photos are in {stack.bucket}.")
    if manifest.get("fileFormat") != "CSV":
        raise UserError(f"The inventory is in {manifest.get('fileFormat')}; only CSV can be read.")
    columns = [name.strip() for name in manifest["fileSchema"].split(",")]
    bucket = manifest["destinationBucket"].rsplit(":", 1)[-1]
    for file in manifest["files"]:
        body = stack.client("s3").get_object(Bucket=bucket, Key=file["key"])["Body"]
        yield from _entries(body, columns)


def _manifest(stack: Stack, address: str) -> dict[str, Any]:
    bucket, _slash, key = address.removeprefix(SCHEME).partition("/")
    if not address.startswith(SCHEME) or not key.endswith("manifest.json"):
        raise UserError(f"An inventory is named by its manifest, s3://BUCKET/.../manifest.json, not {address!r}.")
    try:
        text = stack.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "NoSuchBucket"}:
            raise
        raise UserError(f"There is no {address}.") from None
    try:
        return dict(json.loads(text))
    except ValueError as error:
        raise UserError(f"{address} is not the manifest of an inventory.") from error


def _entries(body: Any, columns: list[str]) -> Iterator[Entry]:
    with gzip.open(body) as lines:
        for row in csv.reader(io.TextIOWrapper(lines, "utf-8", newline="")):
            item = dict(zip(columns, row, strict=False))
            if item.get("IsLatest", TRUE) == TRUE and item.get("IsDeleteMarker", FALSE) == FALSE:
                modified = item.get("LastModifiedDate")
                yield Entry(
                    unquote_plus(item["Key"]),
                    item.get("VersionId", ""),
                    item.get("ETag", "").strip('"'),
                    datetime.fromisoformat(modified) if modified else None,
                )
