"""Which state failed: a Catch passes on the error without the state, so it is found by the results that are missing."""

from typing import Any

# In the order of the state machine: the field that a state fills when it succeeds.
LEAVES = {"image": "ValidateImage", "detection": "DetectLabels", "persisted": "PersistLabels"}
LAST = "PublishReport"
# The fields to which a Catch after the first error writes the second one; all other Catches write to `failure`.
SLOTS = {"reporting": "PublishRejection", "removing": "RequestRemoval"}
NORMALIZING = "NormalizeImage"


def failed_slot(state: dict[str, Any]) -> str:
    """Return the field of the state's input with the error that stopped the execution."""
    return next((slot for slot in SLOTS if slot in state), "failure")


def failed_state(state: dict[str, Any]) -> str:
    """Return the name of the state whose error led to PublishFailure."""
    if second := SLOTS.get(failed_slot(state)):
        return second
    if _waits_for_normalizing(state):
        return NORMALIZING
    return next((name for left, name in LEAVES.items() if not _has_left(state, left)), LAST)


def _has_left(state: dict[str, Any], field: str) -> bool:
    left = state.get(field)
    # Before the photo's turn DetectLabels leaves the turn alone.
    return bool(left) and not (left or {}).get("turn", {}).get("wait")


def _waits_for_normalizing(state: dict[str, Any]) -> bool:
    image = state.get("image", {})
    return bool(image.get("needsNormalizing")) and "normalized" not in image
