"""Pictures of photos, small and upright, made in the sandbox: no byte of an uploaded file is shown as it is."""

import tempfile
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from imagelabels.console.cache import Cache
from imagelabels.console.source import Source
from imagelabels_shared.errors import REJECTIONS
from imagelabels_shared.execution_input import locate
from imagelabels_shared.sandbox.confinement import Bounds
from imagelabels_shared.sandbox.parent import run

DRAWING = "imagelabels_shared.images.drawing"
# Longest sides in pixels, each with how many pictures are kept in memory: some 20 KB and 300 KB each.
THUMBNAIL, LARGE = "thumbnail", "large"
SIZES = {THUMBNAIL: (320, 600), LARGE: (1_600, 24)}
BOUNDS = Bounds(seconds=20, memory_bytes=1700 * 1024 * 1024, file_bytes=16 * 1024 * 1024)
# Rekognition takes at most 15 MB, and so is every copy; what is larger and was not converted has no picture.
MOST_BYTES = 16 * 1024 * 1024
GONE = {"NoSuchKey", "NoSuchVersion", "404", "AccessDenied"}
NO_PICTURE = b""
# In seconds: a pinned version never changes; what has no picture may still get its copy.
KEPT_SECONDS, MISSED_SECONDS = 3_600, 5


class Pictures:
    """JPEGs of photos by where they are; bytes of no length when there is no picture."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept = {size: Cache[bytes](most) for size, (_side, most) in SIZES.items()}

    def of(self, places: list[dict[str, str]], size: str) -> bytes:
        """Return the first of these objects that is a photo that can be drawn. Sizes are those of SIZES."""
        for place in places:
            if found := self._kept[size].get(tuple(sorted(place.items())), partial(self._drawn, place, size), _seconds):
                return found
        return NO_PICTURE

    def _drawn(self, place: dict[str, str], size: str) -> bytes:
        with tempfile.TemporaryFile() as photo, tempfile.TemporaryFile() as picture:
            try:
                answer = self._source.stack.client("s3").get_object(**place)
            except ClientError as error:
                if error.response["Error"]["Code"] not in GONE:
                    raise
                return NO_PICTURE
            if answer["ContentLength"] > MOST_BYTES:
                return NO_PICTURE
            photo.write(answer["Body"].read())
            photo.flush()
            arguments = {"boxes": [], "format": "JPEG", "longest_side": SIZES[size][0]}
            try:
                run(DRAWING, arguments, photo=photo, result=picture, bounds=BOUNDS).result()
            except (*REJECTIONS, RuntimeError):
                return NO_PICTURE
            picture.seek(0)
            return picture.read()


def _seconds(picture: bytes) -> float:
    return KEPT_SECONDS if picture else MISSED_SECONDS


def places(execution_input: Any, output: dict[str, Any]) -> list[dict[str, str]]:
    """Return where an execution's picture may be: the copy that Rekognition saw, else the version that was uploaded."""
    image: dict[str, Any] = output.get("image") or {}
    found = [_object(image["normalized"])] if image.get("normalized") else []
    try:
        original = image if image.get("key") else dict(locate(execution_input))
    except ValueError:
        return found
    return [*found, _object(original)]


def _object(place: dict[str, Any]) -> dict[str, str]:
    version = str(place.get("versionId") or "null")
    pinned = {} if version == "null" else {"VersionId": version}
    return {"Bucket": str(place["bucket"]), "Key": str(place["key"]), **pinned}
