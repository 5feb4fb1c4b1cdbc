"""The items of the labels table: the image, its labels and its runs, all under the photo's `image_id`.

The sort key `record` names the kind. Query conditions of the form `record < RUN_PREFIX` return the image, its labels
and its properties without the runs, because IMAGE, LABEL# and PROPERTY# sort before RUN#.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NotRequired, TypedDict, TypeGuard

IMAGE_RECORD: Literal["IMAGE"] = "IMAGE"
LABEL_PREFIX = "LABEL#"
# Colours and quality, which the index has beside the labels.
PROPERTY_PREFIX = "PROPERTY#"
RUN_PREFIX = "RUN#"
# The index with the keys `label` and `confidence`; label items and property items have both.
LABEL_INDEX = "by-label"


class ColorAttribute(TypedDict):
    """As `imagelabels_shared.models.DominantColor`."""

    color: str
    percent: Decimal


class ImageItem(TypedDict):
    """The photo as it was last labelled. `size` in bytes, `width` and `height` in pixels as stored.

    `labelled_at` is in the form of `imagelabels_shared.timestamps`; items from before 2026-11-25 end in `+00:00`.
    `dominant_colors` and `quality` are those of `imagelabels_shared.models.ImageProperties`, if the stack asked for
    them.
    """

    image_id: str
    record: Literal["IMAGE"]
    object_key: str
    version: str
    etag: str
    size: int
    format: str
    width: int
    height: int
    label_count: int
    model_version: str
    outcome: Literal["LABELLED"]
    labelled_at: str
    execution: str
    dominant_colors: NotRequired[list[ColorAttribute]]
    quality: NotRequired[dict[str, Decimal]]


class LabelItem(TypedDict):
    """One label of a photo. `confidence` in percent; `instances` counts the boxes; `labelled_at` as in ImageItem.

    `source` as in `imagelabels_shared.models.Label`.
    """

    image_id: str
    record: str
    label: str
    confidence: Decimal
    object_key: str
    parents: list[str]
    categories: list[str]
    instances: int
    labelled_at: str
    source: NotRequired[str]


class PropertyItem(TypedDict):
    """One row of `imagelabels_shared.image_properties`: its name is the `label`, its number the `confidence`."""

    image_id: str
    record: str
    label: str
    confidence: Decimal
    object_key: str
    labelled_at: str


class RunError(TypedDict):
    """An error's name, and its message as one line."""

    name: str
    cause: str


class Stages(TypedDict):
    """When a run started and when its end was recorded, in the form of `imagelabels_shared.timestamps`."""

    started: str
    recorded: str


class RunItem(TypedDict):
    """How one execution, or one event without an execution, ended.

    `image_id` is the execution's ARN when the record names no photo of this stack. `expires_at` is in seconds since
    1970. `bare` marks an item that was made of an execution's status alone; such an item has no `labels`.
    """

    image_id: str
    record: str
    outcome: str
    execution: str
    stages: Stages
    recorded_at: str
    expires_at: int
    labels: NotRequired[list[str]]
    version: NotRequired[str]
    etag: NotRequired[str]
    size: NotRequired[int]
    event: NotRequired[str]
    restarted: NotRequired[str]
    error: NotRequired[RunError]
    bare: NotRequired[bool]


PhotoItem = ImageItem | LabelItem | PropertyItem


def photo_id(bucket: str, key: str) -> str:
    """Return the `image_id` of a photo's items."""
    return f"{bucket}/{key}"


def label_record(name: str) -> str:
    return f"{LABEL_PREFIX}{name}"


def property_record(name: str) -> str:
    return f"{PROPERTY_PREFIX}{name}"


def run_record(started: str, execution: str) -> str:
    """Return the sort key of a run: its start to the second, and its name.

    Services write the same start with different digits after the second.
    """
    seconds = started[: len("2026-11-22T17:04:05")]
    return f"{RUN_PREFIX}{seconds}Z#{execution.rsplit(':', 1)[-1]}"


def find_image(items: Iterable[PhotoItem]) -> ImageItem | None:
    """Return the image among a photo's items; None when the photo has none."""
    return next((item for item in items if _is_image(item)), None)


def find_labels(items: Iterable[PhotoItem]) -> list[LabelItem]:
    """Return the labels among a photo's items, in the same order."""
    return [item for item in items if _is_label(item)]


def _is_image(item: PhotoItem) -> TypeGuard[ImageItem]:
    return item["record"] == IMAGE_RECORD


def _is_label(item: PhotoItem) -> TypeGuard[LabelItem]:
    return item["record"].startswith(LABEL_PREFIX)
