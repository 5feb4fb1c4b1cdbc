"""Where a run keeps files in the work bucket: one place per version of a photo, so a restart overwrites its own."""

import hashlib

from imagelabels_shared.environment import WorkBucket
from imagelabels_shared.models import Image, ObjectReference


def place(folder: str, image: Image, extension: str) -> ObjectReference:
    """Return the object of the work bucket for this version of the photo."""
    # A photo's key may have 1,024 bytes, so a key derived from it would not fit.
    digest = hashlib.sha256(f"{image['bucket']}/{image['key']}".encode()).hexdigest()
    key = f"{folder}/{digest}/{image['versionId']}.{extension}"
    return ObjectReference(bucket=WorkBucket.from_environ().work_bucket, key=key)
