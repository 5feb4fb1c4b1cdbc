"""RemoveLabels: take from the table what S3 no longer shows. Fed by deletions, and by versions that were rejected."""

from typing import Any

from remove_labels.restored import relabel
from remove_labels.story import tell
from shared.aws import client
from shared.errors import ServiceUnavailableError
from shared.labels_table import Seen, photo_id, read, remove
from shared.messages import each_message
from shared.models import Source
from shared.observability import count
from shared.photo import Head, newest
from shared.source import locate

DELETED = "Object Deleted"
# Whoever writes the same photo in between is soon done; after this many the message comes again later.
ATTEMPTS = 3


def work(message: dict[str, Any]) -> None:
    """Remove a photo's labels unless they are the newest version's; label a version that became current again."""
    source = locate(message)
    seen, head = settle(source)
    if message.get("detail-type") != DELETED:
        return
    if head is None:
        tell(message, "DELETED", {"bucket": source["bucket"], "key": source["key"]})
    elif restarted := relabel(message, seen, head):
        image = {"bucket": source["bucket"], "key": source["key"], "versionId": head.version}
        tell(message, "RESTORED", image, restarted)


def settle(source: Source) -> tuple[Seen, Head | None]:
    """Remove what is not the newest version's; return what the table said, and the newest version.

    Raises ServiceUnavailableError when others keep writing the photo, and what `shared.aws.permitted` raises.
    """
    for _attempt in range(ATTEMPTS):
        # The order matters: what is read before the version is checked makes a later writer visible.
        seen = read(photo_id(source["bucket"], source["key"]))
        head = newest(client("s3"), source["bucket"], source["key"])
        if head and seen.version == head.version:
            return seen, head
        try:
            count("LabelsRemoved", len(remove(seen)))
        except ServiceUnavailableError as error:
            busy = error
        else:
            return seen, head
    raise busy


handler = each_message(work)
