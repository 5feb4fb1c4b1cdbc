"""The JSON objects that states and functions exchange."""

from typing import Any, Literal, NotRequired, TypedDict

Outcome = Literal["LABELLED", "REJECTED", "FAILED"]
# The source of a label from a Custom Labels model.
CUSTOM = "custom"


class Source(TypedDict):
    """A photo in S3: bucket, key (not URL-encoded), and the version if one is known."""

    bucket: str
    key: str
    versionId: NotRequired[str]


class Normalized(TypedDict):
    """The copy of a photo that Rekognition gets: an upright sRGB JPEG in the work bucket.

    `width` and `height` in pixels, `size` in bytes; `did` says what was changed, in words for the photo's owner.
    """

    bucket: str
    key: str
    width: int
    height: int
    size: int
    did: list[str]


class Image(TypedDict):
    """One version of one photo. `size` in bytes, `width` and `height` in pixels as stored.

    `reasons` say why it needs normalizing; width and height of such a photo may be missing until it is normalized.
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
    """A label of a photo. `confidence` in percent; `instances` counts its boxes in Rekognition's whole answer.

    A label of the stack's own Custom Labels model has the `source` CUSTOM; others have none.
    """

    name: str
    confidence: float
    parents: list[str]
    categories: list[str]
    instances: int
    source: NotRequired[str]


class ObjectReference(TypedDict):
    """An object of the work bucket."""

    bucket: str
    key: str


class Turn(TypedDict):
    """When a photo may be looked at; `wait` says that this is later, and `before` how many photos come first.

    `at` is a time in the form of `imagelabels_shared.timestamps`; `number` counts the turns that the photo has taken.
    """

    wait: bool
    at: str
    before: int
    number: int


class DominantColor(TypedDict):
    """One of Rekognition's simplified colours, in lower case, and how many percent of the pixels have it."""

    color: str
    percent: float


class Quality(TypedDict, total=False):
    """The quality of a photo: the higher a number, the brighter, sharper or richer in contrast; 0 to 100.

    What Rekognition did not measure is missing.
    """

    brightness: float
    sharpness: float
    contrast: float


class ImageProperties(TypedDict):
    """Colours and quality of a whole photo; the colour of most pixels first, each once. Rekognition has 12 colours."""

    dominantColors: list[DominantColor]
    quality: Quality


class Detection(TypedDict):
    """A bounded summary of Rekognition's answer, and the object with the whole answer.

    `detectedAt` is a time in the form of `imagelabels_shared.timestamps`. `imageProperties` is None unless the stack
    asks for them; executions that an earlier release started have no such field.
    """

    labels: list[Label]
    modelVersion: str
    detectedAt: str
    answer: ObjectReference
    turn: Turn
    imageProperties: ImageProperties | None


class Postponed(TypedDict):
    """What DetectLabels answers before the photo's turn, with the fields of Detection."""

    labels: list[Label]
    modelVersion: None
    detectedAt: None
    answer: None
    turn: Turn
    imageProperties: None


class Failure(TypedDict):
    """What Step Functions stores when a state fails: the error's name, and its cause as a string."""

    Error: str
    Cause: NotRequired[str]


class Changes(TypedDict):
    """Labels that were added and removed since the photo's last run.

    `lastRun` is a time in the form of `imagelabels_shared.timestamps`; None when this is the first run.
    """

    lastRun: str | None
    added: list[str]
    removed: list[str]


class ReportedError(TypedDict):
    """An error: its name, its cause in plain words, and the state that failed (not for a rejection)."""

    name: str
    cause: str
    state: NotRequired[str]


class Links(TypedDict):
    """Pages of the AWS console."""

    execution: str
    object: NotRequired[str]


class Report(TypedDict):
    """The message about one execution in the topic `Reports` (docs/report.schema.json).

    `image` has the fields of Image that are known.
    """

    schema: Literal[1]
    outcome: Outcome
    image: dict[str, Any]
    labels: list[Label]
    execution: str
    links: Links
    rerun: NotRequired[str]
    imageProperties: NotRequired[ImageProperties]
    changes: NotRequired[Changes]
    answer: NotRequired[ObjectReference]
    error: NotRequired[ReportedError]
