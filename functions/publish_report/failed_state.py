"""Which state failed: Step Functions hands on the error without the state, so what is missing tells it."""

from typing import Any

# In the order of the workflow: the state that leaves this behind when it succeeds.
LEAVES = {
    "image": "ValidateImage",
    "detection": "DetectLabels",
    "persisted": "PersistLabels",
    "report": "PublishReport",
}
LAST = "RecordOutcome"
# A branch for a photo at fault, or for an older one, that failed itself; its own error stands in this slot.
BRANCHES = {"removing": "RequestRemoval", "reporting": "PublishRejection"}
RECORDING = "recording"
RECORDERS = {"SupersededError": "RecordSuperseded", "DuplicateEventError": "RecordDuplicate"}
NOT_FOUND = "ImageNotFoundError"
NORMALIZING = "NormalizeImage"


def failed_slot(state: dict[str, Any]) -> str:
    """Return where the error that stopped the execution stands."""
    return next((slot for slot in (RECORDING, *BRANCHES) if slot in state), "failure")


def failed_state(state: dict[str, Any]) -> str:
    """Return the name of the state whose error led to PublishFailure."""
    slot = failed_slot(state)
    if slot == RECORDING:
        return _recorder(state)
    if slot in BRANCHES:
        return BRANCHES[slot]
    if _waits_for_normalizing(state):
        return NORMALIZING
    return next((name for left, name in LEAVES.items() if left not in state), LAST)


def _recorder(state: dict[str, Any]) -> str:
    error = state["failure"]["Error"]
    # Only ValidateImage's own is recorded without a report.
    if error == NOT_FOUND and "report" not in state:
        return "RecordNotFound"
    return RECORDERS.get(error, "RecordRejection")


def _waits_for_normalizing(state: dict[str, Any]) -> bool:
    image = state.get("image", {})
    return bool(image.get("needsNormalizing")) and "normalized" not in image
