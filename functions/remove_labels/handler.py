"""RemoveLabels: let the table show what S3 has after a deletion, a restore from an archive, or a rejection."""

from typing import Any

from imagelabels_shared.audit import AuditedImage, AuditOutcome
from imagelabels_shared.aws import client
from imagelabels_shared.errors import ServiceUnavailableError
from imagelabels_shared.execution_input import ours
from imagelabels_shared.models import Source
from imagelabels_shared.object_versions import is_version, newest
from imagelabels_shared.observability import logger
from imagelabels_shared.queue_handler import each_message
from imagelabels_shared.table.claims import Version
from imagelabels_shared.table.labels import read, remove
from imagelabels_shared.table.records import find_image, photo_id
from remove_labels.audit import record_event
from remove_labels.relabel import by_lifecycle, relabel

REJECTED, DELETED, RESTORED = "rejected", "Object Deleted", "Object Restore Completed"
# Another execution that writes the same photo needs seconds; after this many attempts the message comes again later.
ATTEMPTS = 3


def work(message: dict[str, Any], _record: Any) -> None:
    """Remove a photo's labels unless they are the newest version's; label a version that came back.

    Raises ValueError for any other message.
    """
    if REJECTED in message:
        # This is an execution's input, and its caller may send anything: it is never treated as a deletion event.
        rejected = ours(message[REJECTED])
        settle(rejected["bucket"], rejected["key"])
    elif message.get("detail-type") == DELETED:
        process_deletion(message)
    elif message.get("detail-type") == RESTORED:
        process_restore(message)
    else:
        raise ValueError(f'A message must be an S3 event, "{DELETED}" or "{RESTORED}", or {{"{REJECTED}": photo}}.')


def process_deletion(deletion: dict[str, Any]) -> None:
    """Remove the labels, send the audit record, and label an older version that became the newest one."""
    source = ours(deletion)
    bucket, key = source["bucket"], source["key"]
    shown, current = settle(bucket, key)
    if shown:
        return
    if current is None:
        record_event(deletion, *ending(deletion, source))
    elif restarted := relabel(deletion, Version(bucket, key, current)):
        record_event(deletion, "RESTORED", {"bucket": bucket, "key": key, "versionId": current}, restarted)


def process_restore(event: dict[str, Any]) -> None:
    """Label a version that was restored from an archive, if it is the newest one and has no labels yet."""
    source = ours(event)
    bucket, key = source["bucket"], source["key"]
    shown, current = settle(bucket, key)
    if shown or current is None or source.get("versionId", current) != current:
        return
    if restarted := relabel(event, Version(bucket, key, current)):
        record_event(event, "RESTORED", {"bucket": bucket, "key": key, "versionId": current}, restarted)


def ending(deletion: dict[str, Any], source: Source) -> tuple[AuditOutcome, AuditedImage]:
    """Return the outcome and the image of a record: a lifecycle rule deletes old versions a month after the photo."""
    photo = AuditedImage(bucket=source["bucket"], key=source["key"])
    if not by_lifecycle(deletion):
        return "DELETED", photo
    return "EXPIRED", photo | AuditedImage(versionId=source.get("versionId"))


def settle(bucket: str, key: str) -> tuple[bool, str | None]:
    """Remove labels that are not the newest version's.

    Return whether the table shows the newest version's labels, and the id of that version (None: no version is left).
    Raises ServiceUnavailableError when others keep writing the photo, and what `aws_call` raises.
    """
    for _attempt in range(ATTEMPTS):
        # The order matters: the table is read before S3, so that `remove` notices whoever writes after the check.
        seen = read(photo_id(bucket, key))
        head = newest(client("s3"), bucket, key)
        image = find_image(seen.items)
        if head and image and is_version(head, image["version"], image["etag"]):
            return True, head.version
        try:
            logger().info("Labels removed", items=len(remove(seen)))
        except ServiceUnavailableError as error:
            busy = error
        else:
            return False, head.version if head else None
    raise busy


handler = each_message(work)
