"""RemoveLabels: take from the table what S3 no longer shows. Fed by deletions, and by photos that were rejected."""

from typing import Any

from imagelabels_shared.aws import client
from imagelabels_shared.errors import ServiceUnavailableError
from imagelabels_shared.execution_input import ours
from imagelabels_shared.object_versions import newest
from imagelabels_shared.observability import count
from imagelabels_shared.queue_handler import each_message
from imagelabels_shared.table.claims import Version
from imagelabels_shared.table.labels import photo_id, read, remove
from remove_labels.audit import tell
from remove_labels.relabel import relabel

REJECTED, DELETED = "rejected", "Object Deleted"
# Whoever writes the same photo in between is soon done; after this many the message comes again later.
ATTEMPTS = 3


def work(message: dict[str, Any], _record: Any) -> None:
    """Remove a photo's labels unless they are the newest version's, for a rejection or a deletion.

    Raises ValueError for any other message.
    """
    if REJECTED in message:
        # Whoever starts an execution chooses what stands in here, so it is never taken for a deletion.
        rejected = ours(message[REJECTED])
        settle(rejected["bucket"], rejected["key"])
    elif message.get("detail-type") == DELETED:
        follow(message)
    else:
        raise ValueError(f'A message must be an S3 "{DELETED}" event, or {{"{REJECTED}": photo}}.')


def follow(deletion: dict[str, Any]) -> None:
    """Follow a deletion: remove the labels, tell the trail, and label a version that became current again."""
    source = ours(deletion)
    bucket, key = source["bucket"], source["key"]
    shown, current = settle(bucket, key)
    if shown:
        return
    if current is None:
        tell(deletion, "DELETED", {"bucket": bucket, "key": key})
    elif restarted := relabel(deletion, Version(bucket, key, current)):
        tell(deletion, "RESTORED", {"bucket": bucket, "key": key, "versionId": current}, restarted)


def settle(bucket: str, key: str) -> tuple[bool, str | None]:
    """Remove labels that are not the newest version's; return whether the newest one's are shown, and which it is.

    Raises ServiceUnavailableError when others keep writing the photo, and what `aws_call` raises.
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
