"""What the definition promises, written down a second time: each Catch with its target, and how to get there."""

import functools
from typing import Any

from infra.definition import definition
from tests.pictures import picture
from tests.workflow.faults import Faults

UNFORESEEN = "BrokenError"
# The states of a photo that Rekognition takes as it is.
LABELLED_PATH = [
    "StartEmpty",
    "ValidateImage",
    "NeedsNormalizing",
    "DetectLabels",
    "NeedsToWait",
    "PersistLabels",
    "PublishReport",
    "RecordOutcome",
]

# (state, index of the Catch): the state that follows.
CATCHES = {
    ("ValidateImage", 0): "RecordDuplicate",
    ("ValidateImage", 1): "RecordNotFound",
    ("ValidateImage", 2): "RequestRemoval",
    ("ValidateImage", 3): "PublishFailure",
    ("NormalizeImage", 0): "RequestRemoval",
    ("NormalizeImage", 1): "PublishFailure",
    ("DetectLabels", 0): "RequestRemoval",
    ("DetectLabels", 1): "PublishFailure",
    ("PersistLabels", 0): "RecordSuperseded",
    ("PersistLabels", 1): "PublishFailure",
    ("PublishReport", 0): "PublishFailure",
    ("RequestRemoval", 0): "PublishFailure",
    ("PublishRejection", 0): "PublishFailure",
    ("PublishFailure", 0): "KeepWithoutReport",
    ("RecordFailure", 0): "Failed",
}
# A state off the straight way: the state whose error leads there, and the error.
DETOURS = {
    "RequestRemoval": ("ValidateImage", "EmptyImageError"),
    "RecordDuplicate": ("ValidateImage", "DuplicateEventError"),
    "PublishRejection": ("ValidateImage", "EmptyImageError"),
    "RecordRejection": ("ValidateImage", "EmptyImageError"),
    "RecordNotFound": ("ValidateImage", "ImageNotFoundError"),
    "RecordSuperseded": ("PersistLabels", "SupersededError"),
    "PublishFailure": ("DetectLabels", UNFORESEEN),
    "RecordFailure": ("DetectLabels", UNFORESEEN),
}


@functools.cache
def states() -> dict[str, Any]:
    """Return the definition's states, which nobody changes: reading them for every test takes seconds."""
    return dict(definition()["States"])


def tasks() -> dict[str, Any]:
    return {name: state for name, state in states().items() if state["Type"] == "Task"}


def caught() -> list[tuple[str, int, str]]:
    """Return every Catch with every error it names here; States.ALL stands for an error that nobody foresaw."""
    return [
        (name, index, UNFORESEEN if error == "States.ALL" else error)
        for name, state in tasks().items()
        for index, catcher in enumerate(state.get("Catch", []))
        for error in catcher["ErrorEquals"]
    ]


def retriers(state: str) -> list[dict[str, Any]]:
    return list(tasks()[state]["Retry"])


def attempts(state: str, error: str) -> int:
    """Return how often a state is tried when each attempt ends with this error."""
    matching = (retry for retry in retriers(state) if {error, "States.ALL"} & set(retry["ErrorEquals"]))
    return 1 + next((retry["MaxAttempts"] for retry in matching), 0)


def raised(state: str, error: str) -> str:
    """Return the name under which Step Functions sees a fault: moto has one name for all of SQS's."""
    return "SQS.SdkClientException" if "sqs" in tasks()[state]["Resource"] else error


def photo_for(state: str) -> bytes:
    """Return a photo that passes through a state unless something goes wrong."""
    return picture("GIF" if state == "NormalizeImage" else "JPEG")


def detour(faults: Faults, state: str) -> None:
    """Plan the fault that leads to a state off the straight way."""
    if state in DETOURS:
        faults.add(*DETOURS[state])
