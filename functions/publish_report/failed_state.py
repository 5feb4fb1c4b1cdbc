"""Which state failed: a Catch passes on the error without the state, so it is found by the results that are missing."""

from typing import Any

# In the order of the state machine: the field that a state adds when it succeeds.
LEAVES = {
    "image": "ValidateImage",
    "detection": "DetectLabels",
    "persisted": "PersistLabels",
    "report": "PublishReport",
}
LAST = "RecordOutcome"
# The fields to which a Catch after the first error writes the second one; all other Catches write to `failure`.
REPORTING, RECORDING = "reporting", "recording"
REJECTION = "PublishRejection"
RECORDERS = {"SupersededError": "RecordSuperseded", "DuplicateEventError": "RecordDuplicate"}
NOT_FOUND = "ImageNotFoundError"
NORMALIZING = "NormalizeImage"
# Step Functions starts the name of an SQS error with it; RequestRemoval alone catches such an error in `failure`.
SQS, REMOVAL = "SQS.", "RequestRemoval"


def failed_slot(state: dict[str, Any]) -> str:
    """Return the field of the state's input with the error that stopped the execution."""
    return next((slot for slot in (RECORDING, REPORTING) if slot in state), "failure")


def failed_state(state: dict[str, Any]) -> str:
    """Return the name of the state whose error led to PublishFailure."""
    slot = failed_slot(state)
    if slot == RECORDING:
        return _recorder(state)
    if slot == REPORTING:
        return REJECTION
    if str(state.get(slot, {}).get("Error")).startswith(SQS):
        return REMOVAL
    if _waits_for_normalizing(state):
        return NORMALIZING
    return next((name for left, name in LEAVES.items() if left not in state), LAST)


def _recorder(state: dict[str, Any]) -> str:
    error = state["failure"]["Error"]
    # ValidateImage's ImageNotFoundError is recorded without a report, that of a later state after one.
    if error == NOT_FOUND and "report" not in state:
        return "RecordNotFound"
    return RECORDERS.get(error, "RecordRejection")


def _waits_for_normalizing(state: dict[str, Any]) -> bool:
    image = state.get("image", {})
    return bool(image.get("needsNormalizing")) and "normalized" not in image
