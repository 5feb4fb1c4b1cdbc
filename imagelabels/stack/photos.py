"""One photo: its key, its object in the bucket, and its items in the table."""

from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.stack.connection import Stack
from imagelabels.stack.spelling import in_unicode, spellings
from imagelabels_shared.object_versions import MISSING, MISSING_VERSION, UNVERSIONED
from imagelabels_shared.table.records import IMAGE_RECORD, LABEL_PREFIX, RUN_PREFIX, photo_id
from imagelabels_shared.timestamps import in_one_form


class Records(NamedTuple):
    """A photo's items in the table: the image item, None when it has none, and the label items, the surest first."""

    image: dict[str, Any] | None
    labels: list[dict[str, Any]]


def key_of(stack: Stack, image: str) -> str:
    """Return the key of an image named by its key or by bucket/key, in the spelling that bucket or table has.

    Unicode has two spellings of a letter with an accent: macOS writes NFD into names of files, most keyboards NFC.
    Raises UserError for a name that is not UTF-8.
    """
    key = in_unicode(image).removeprefix(f"{stack.bucket}/")
    others = spellings(key) - {key}
    if not others or _is_known(stack, key):
        return key
    return next((other for other in sorted(others) if _is_known(stack, other)), key)


def _is_known(stack: Stack, key: str) -> bool:
    """Tell whether the bucket has an object, or the table any item, of exactly this key."""
    try:
        require(stack, key)
    except UserError:
        query = {"KeyConditionExpression": "image_id = :image", "Limit": 1}
        values = {":image": photo_id(stack.bucket, key)}
        return bool(stack.table().query(**query, ExpressionAttributeValues=values)["Items"])
    return True


def upload(stack: Stack, file: Path, key: str) -> None:
    stack.client("s3").upload_file(str(file), stack.bucket, key)


def require(stack: Stack, key: str, version: str = "") -> None:
    """Raise UserError when the bucket has no photo of this key, or not this version of it."""
    if _version(stack, key, version) is None:
        which = f"version {version!r} of the photo" if version else "photo"
        raise UserError(f"There is no {which} {key!r} in {stack.bucket}.")


def is_newest(stack: Stack, key: str, version: str) -> bool:
    """Return whether this is a photo's newest version; False when the photo is deleted."""
    return _version(stack, key) == version


def _version(stack: Stack, key: str, version: str = "") -> str | None:
    """Return the id of this version, or of the newest one; None when there is none."""
    chosen, missing = ({"VersionId": version}, MISSING_VERSION) if version else ({}, MISSING)
    try:
        found = stack.client("s3").head_object(Bucket=stack.bucket, Key=key, **chosen)
    except ClientError as error:
        if error.response["Error"]["Code"] not in missing:
            raise
        return None
    return str(found.get("VersionId", UNVERSIONED))


def records(stack: Stack, key: str) -> Records:
    """Return what the table has of a photo, without its archived runs."""
    items = [item | {"labelled_at": in_one_form(str(item["labelled_at"]))} for item in _items(stack, key)]
    image = next((item for item in items if item["record"] == IMAGE_RECORD), None)
    labels = [item for item in items if item["record"].startswith(LABEL_PREFIX)]
    return Records(image, sorted(labels, key=lambda item: (-item["confidence"], item["label"])))


def _items(stack: Stack, key: str) -> list[dict[str, Any]]:
    """Return the items of a photo: its image, labels, colours and quality."""
    found: list[dict[str, Any]] = stack.table().query(
        KeyConditionExpression="image_id = :image AND #record < :runs",
        ExpressionAttributeNames={"#record": "record"},
        ExpressionAttributeValues={":image": photo_id(stack.bucket, key), ":runs": RUN_PREFIX},
    )["Items"]
    return found


def remove(stack: Stack, key: str) -> None:
    """Delete every version of a photo, and its items in the table; its archived runs stay."""
    s3 = stack.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=stack.bucket, Prefix=key):
        for version in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=stack.bucket, Key=key, VersionId=version["VersionId"])
    with stack.table().batch_writer() as batch:
        for item in _items(stack, key):
            batch.delete_item(Key={"image_id": item["image_id"], "record": item["record"]})
