"""The items that one run writes: the image, and one item per label."""

from decimal import Decimal
from typing import TypedDict

from imagelabels_shared.models import Detection, Image, Label
from imagelabels_shared.table.records import IMAGE_RECORD, ImageItem, LabelItem, label_record, photo_id


class Run(TypedDict):
    """What this execution found out about one photo."""

    image: Image
    detection: Detection
    execution: str


def image_id(image: Image) -> str:
    return photo_id(image["bucket"], image["key"])


def image_item(run: Run) -> ImageItem:
    image, detection = run["image"], run["detection"]
    return ImageItem(
        image_id=image_id(image),
        record=IMAGE_RECORD,
        object_key=image["key"],
        version=image["versionId"],
        etag=image["etag"],
        size=image["size"],
        format=image["format"],
        width=image["width"],
        height=image["height"],
        label_count=len(detection["labels"]),
        model_version=detection["modelVersion"],
        outcome="LABELLED",
        labelled_at=detection["detectedAt"],
        execution=run["execution"],
    )


def label_items(run: Run) -> list[LabelItem]:
    return [_label_item(run, label) for label in run["detection"]["labels"]]


def _label_item(run: Run, label: Label) -> LabelItem:
    item = LabelItem(
        image_id=image_id(run["image"]),
        record=label_record(label["name"]),
        label=label["name"],
        # repr gives the shortest decimal that is this float: 99.5, not 99.5000000000000071.
        confidence=Decimal(repr(label["confidence"])),
        object_key=run["image"]["key"],
        parents=label["parents"],
        categories=label["categories"],
        instances=label["instances"],
        labelled_at=run["detection"]["detectedAt"],
    )
    if "source" in label:
        item["source"] = label["source"]
    return item
