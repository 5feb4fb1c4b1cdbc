"""The JSON that travels through the workflow, one name per shape."""

from typing import Any, Literal, NotRequired, TypedDict

Outcome = Literal["LABELLED", "REJECTED", "FAILED"]


class Source(TypedDict):
    """Where a photo is: its bucket, its key exactly as S3 has it, and the version if one is known."""

    bucket: str
    key: str
    versionId: NotRequired[str]


class Normalized(TypedDict):
    """The Rekognition-ready copy of a photo in the work bucket: upright, sRGB, JPEG. `did` is for its owner to read."""

    bucket: str
    key: str
    width: int
    height: int
    size: int
    did: list[str]


class Image(TypedDict):
    """One pinned version of one photo. `size` in bytes, `width` and `height` in pixels as stored.

    `reasons` say why it needs normalizing; the sides of such a photo are known once it is normalized.
    """

    bucket: str
    key: str
    versionId: str
    etag: str
    size: int
    format: str
    width: NotRequired[int]
    height: NotRequired[int]
    needsNormalizing: bool
    reasons: list[str]
    normalized: NotRequired[Normalized]


class Label(TypedDict):
    """What was seen. `confidence` in percent; `instances` counts the boxes in the whole answer."""

    name: str
    confidence: float
    parents: list[str]
    categories: list[str]
    instances: int


class ObjectReference(TypedDict):
    """An object of the work bucket."""

    bucket: str
    key: str


class Detection(TypedDict):
    """The bounded part of Rekognition's answer, and where the whole answer is. `detectedAt` is ISO 8601, UTC."""

    labels: list[Label]
    modelVersion: str
    detectedAt: str
    answer: ObjectReference


class Failure(TypedDict):
    """What Step Functions stores when a state fails: the error's name, and its cause as a string."""

    Error: str
    Cause: NotRequired[str]


class Changes(TypedDict):
    """Labels that came and went since the photo's last run; `lastRun` is ISO 8601, None when this is the first."""

    lastRun: str | None
    added: list[str]
    removed: list[str]


class ReportedError(TypedDict):
    """What went wrong in plain words, and in which state when the fault is ours."""

    name: str
    cause: str
    state: NotRequired[str]


class Links(TypedDict):
    """Pages of the AWS console."""

    execution: str
    object: NotRequired[str]


class Report(TypedDict):
    """What the topic `Reports` tells of one execution (docs/report.schema.json).

    Fields of `image` that no state found out are missing.
    """

    schema: Literal[1]
    outcome: Outcome
    image: dict[str, Any]
    labels: list[Label]
    execution: str
    links: Links
    rerun: NotRequired[str]
    changes: NotRequired[Changes]
    answer: NotRequired[ObjectReference]
    error: NotRequired[ReportedError]
