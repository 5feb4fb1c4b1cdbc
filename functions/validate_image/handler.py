"""ValidateImage: find the photo's version and its format, or reject it."""

from typing import Any

from imagelabels_shared.aws import client
from imagelabels_shared.environment import CustomLabelsModel
from imagelabels_shared.errors import EmptyImageError, ImageNotFoundError
from imagelabels_shared.execution_input import input_photo
from imagelabels_shared.models import Image, Source
from imagelabels_shared.object_versions import Head, exactly, newest
from imagelabels_shared.observability import logger, step
from validate_image.duplicates import require_first
from validate_image.rules import Picture, examine
from validate_image.s3_bytes import ends


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    source = input_photo(event["input"])
    head = pin(find(source))
    require_first(event, source, head)
    reject_folder(source, head)
    reject_empty(head)
    picture = inspect(source, head)
    return dict(_image(source, head, picture))


def _image(source: Source, head: Head, picture: Picture) -> Image:
    image = Image(
        bucket=source["bucket"],
        key=source["key"],
        versionId=head.version,
        etag=head.etag,
        size=head.size,
        format=picture.format,
        needsNormalizing=bool(picture.reasons),
        reasons=picture.reasons,
    )
    if picture.sides:
        image["width"], image["height"] = picture.sides
    return image


def find(source: Source) -> Head | None:
    """Return the version that the input names, or else the newest one; None when there is none."""
    bucket, key, version = source["bucket"], source["key"], source.get("versionId")
    return exactly(client("s3"), bucket, key, version) if version else newest(client("s3"), bucket, key)


def pin(head: Head | None) -> Head:
    """Return the version that was found. Raises ImageNotFoundError when there is none."""
    if head is None:
        raise ImageNotFoundError(
            "There is no such photo: it was deleted or never uploaded. Upload it, then run this again."
        )
    logger().append_keys(version=head.version)
    return head


def reject_folder(source: Source, head: Head) -> None:
    """Raise ImageNotFoundError, which is not mailed, for an object that the S3 console made as a folder."""
    if head.size == 0 and source["key"].endswith("/"):
        raise ImageNotFoundError(
            "This is a folder that was made in the S3 console, and not a photo. Upload photos into it."
        )


def reject_empty(head: Head) -> None:
    """Raise EmptyImageError for a file without bytes."""
    if head.size == 0:
        raise EmptyImageError("The file is empty: the upload was probably cut off. Upload the photo again.")


def inspect(source: Source, head: Head) -> Picture:
    """Return what the photo is, by its first and last bytes. Raises what `ends` and `examine` raise."""
    both = ends(client("s3"), source, head)
    logger().append_keys(bytes_read=both.bytes_read)
    return examine(both, custom_labels=CustomLabelsModel.is_set())
