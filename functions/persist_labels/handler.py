"""PersistLabels: make the table say exactly what the newest version of the photo shows."""

from typing import Any

from imagelabels_shared.aws import client
from imagelabels_shared.errors import SupersededError
from imagelabels_shared.models import Image
from imagelabels_shared.object_versions import is_version, newest
from imagelabels_shared.observability import count, logger, step
from imagelabels_shared.table.labels import read, replace
from persist_labels.changes import changes
from persist_labels.items import Run, image_id, image_item, label_items, property_items


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    run = Run(image=event["image"], detection=event["detection"], execution=event["execution"])
    # The order matters: the table is read before S3, so that `replace` notices whoever writes after the check.
    seen = read(image_id(run["image"]))
    require_newest(run["image"])
    image, labels = image_item(run), label_items(run)
    removed = replace(seen, [image, *labels, *property_items(run)])
    count("LabelsWritten", len(labels))
    logger().append_keys(removed=len(removed))
    return dict(changes(seen.items, image, [label["label"] for label in labels]))


def require_newest(image: Image) -> None:
    """Raise SupersededError when S3's newest version is another one or is deleted; and what `aws_call` raises."""
    head = newest(client("s3"), image["bucket"], image["key"])
    if head is None:
        raise SupersededError("The photo was deleted while it was being labelled.")
    if not is_version(head, image["versionId"], image["etag"]):
        raise SupersededError(f"Version {head.version} is newer; that one is labelled instead.")
