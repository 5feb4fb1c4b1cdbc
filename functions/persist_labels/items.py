"""The items that one run writes: the image, and one item per label, colour and quality."""

from decimal import Decimal
from typing import Any, TypedDict

from imagelabels_shared.image_properties import rows
from imagelabels_shared.models import Detection, Image, ImageProperties, Label
from imagelabels_shared.table.records import (
    IMAGE_RECORD,
    ColorAttribute,
    ImageItem,
    LabelItem,
    PropertyItem,
    label_record,
    photo_id,
    property_record,
)


class Run(TypedDict):
    """What this execution found out about one photo."""

    image: Image
    detection: Detection
    execution: str


def image_id(image: Image) -> str:
    return photo_id(image["bucket"], image["key"])


def image_item(run: Run) -> ImageItem:
    image, detection = run["image"], run["detection"]
    item = ImageItem(
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
    if properties := _properties(run):
        item["dominant_colors"] = [
            ColorAttribute(color=one["color"], percent=_decimal(one["percent"])) for one in properties["dominantColors"]
        ]
        measured: dict[str, Any] = {**properties["quality"]}
        item["quality"] = {name: _decimal(number) for name, number in measured.items()}
    return item


def property_items(run: Run) -> list[PropertyItem]:
    return [
        PropertyItem(
            image_id=image_id(run["image"]),
            record=property_record(name),
            label=name,
            confidence=_decimal(number),
            object_key=run["image"]["key"],
            labelled_at=run["detection"]["detectedAt"],
        )
        for name, number in rows(_properties(run)).items()
    ]


def _properties(run: Run) -> ImageProperties | None:
    """Return colours and quality; an execution that an earlier release started has no such field."""
    return run["detection"].get("imageProperties")


def _decimal(number: float) -> Decimal:
    # repr gives the shortest decimal that is this float: 99.5, not 99.5000000000000071.
    return Decimal(repr(number))


def label_items(run: Run) -> list[LabelItem]:
    return [_label_item(run, label) for label in run["detection"]["labels"]]


def _label_item(run: Run, label: Label) -> LabelItem:
    item = LabelItem(
        image_id=image_id(run["image"]),
        record=label_record(label["name"]),
        label=label["name"],
        confidence=_decimal(label["confidence"]),
        object_key=run["image"]["key"],
        parents=label["parents"],
        categories=label["categories"],
        instances=label["instances"],
        labelled_at=run["detection"]["detectedAt"],
    )
    if "source" in label:
        item["source"] = label["source"]
    return item
