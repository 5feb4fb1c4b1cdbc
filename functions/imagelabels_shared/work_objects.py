"""Objects of the work bucket: one for each version of a photo, so a repeated step overwrites its own object.

A lifecycle rule deletes them after a day (infra/storage.py).
"""

import hashlib

from imagelabels_shared.environment import WorkBucket
from imagelabels_shared.models import Image, ObjectReference
from imagelabels_shared.object_versions import UNVERSIONED
from imagelabels_shared.table.records import photo_id

# Rekognition's answers, and the copies that NormalizeImage makes.
ANSWERS, COPIES = "detections", "normalized"


def work_object(folder: str, image: Image, extension: str) -> ObjectReference:
    """Return the bucket and key of the object for this version of the photo; nothing is read or written."""
    # A photo's key may have 1,024 bytes, so a key that contains it would be too long.
    digest = hashlib.sha256(photo_id(image["bucket"], image["key"]).encode()).hexdigest()
    # In a bucket without versions, all uploads of a key have one version id.
    version = image["etag"] if image["versionId"] == UNVERSIONED else image["versionId"]
    key = f"{folder}/{digest}/{version}.{extension}"
    return ObjectReference(bucket=WorkBucket.from_environ().work_bucket, key=key)
