"""RemoveLabels: take from the table what S3 no longer shows. Fed by deletions, and by versions that were rejected."""

from typing import Any

from remove_labels.restored import relabel
from remove_labels.story import tell
from shared.aws import client
from shared.claims import Version
from shared.errors import ServiceUnavailableError
from shared.labels_table import photo_id, read, remove
from shared.messages import each_message
from shared.observability import count
from shared.photo import newest
from shared.source import locate

DELETED = "Object Deleted"
# Whoever writes the same photo in between is soon done; after this many the message comes again later.
ATTEMPTS = 3


def work(message: dict[str, Any], _record: Any) -> None:
    """Remove a photo's labels unless they are the newest version's; label a version that became current again."""
    source = locate(message)
    bucket, key = source["bucket"], source["key"]
    shown, current = settle(bucket, key)
    if message.get("detail-type") != DELETED or shown:
        return
    if current is None:
        tell(message, "DELETED", {"bucket": bucket, "key": key})
    elif restarted := relabel(message, Version(bucket, key, current)):
        tell(message, "RESTORED", {"bucket": bucket, "key": key, "versionId": current}, restarted)


def settle(bucket: str, key: str) -> tuple[bool, str | None]:
    """Remove labels that are not the newest version's; return whether the newest one's are shown, and which it is.

    Raises ServiceUnavailableError when others keep writing the photo, and what `shared.aws.permitted` raises.
    """
    for _attempt in range(ATTEMPTS):
        # The order matters: what is read before the version is checked makes a later writer visible.
        seen = read(photo_id(bucket, key))
        head = newest(client("s3"), bucket, key)
        if head and seen.version == head.version:
            return True, head.version
        try:
            count("LabelsRemoved", len(remove(seen)))
        except ServiceUnavailableError as error:
            busy = error
        else:
            return False, head.version if head else None
    raise busy


handler = each_message(work)
