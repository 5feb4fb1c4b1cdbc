"""The contents of a report, gathered from the input of the publishing state."""

from typing import Any, NamedTuple

from imagelabels_shared.execution_input import input_photo
from imagelabels_shared.models import (
    Changes,
    Failure,
    Image,
    ImageProperties,
    Label,
    ObjectReference,
    Outcome,
    ReportedError,
)
from imagelabels_shared.text import plain_cause
from publish_report.failed_state import failed_slot, failed_state


class Facts(NamedTuple):
    """Everything that a report says. `image` has the fields of Image that are known."""

    outcome: Outcome
    image: dict[str, Any]
    labels: list[Label]
    properties: ImageProperties | None
    changes: Changes | None
    answer: ObjectReference | None
    error: ReportedError | None
    execution: str


def gather(event: dict[str, Any]) -> Facts:
    """Gather the facts from a publishing state's payload: outcome, execution, input, state."""
    state = event["state"]
    detection = state.get("detection", {})
    return Facts(
        outcome=event["outcome"],
        image=_image(state.get("image"), event["input"]),
        labels=detection.get("labels", []),
        properties=detection.get("imageProperties"),
        changes=state.get("persisted"),
        answer=detection.get("answer"),
        error=_failed(state) if event["outcome"] == "FAILED" else _error(state.get("failure")),
        execution=event["execution"],
    )


def _image(image: Image | None, execution_input: Any) -> dict[str, Any]:
    if image:
        return dict(image)
    try:
        return dict(input_photo(execution_input))
    except ValueError:
        return {}


def _error(failure: Failure | None) -> ReportedError | None:
    if failure is None:
        return None
    return ReportedError(name=failure["Error"], cause=plain_cause(failure.get("Cause", "")))


def _failed(state: dict[str, Any]) -> ReportedError | None:
    error = _error(state.get(failed_slot(state)))
    if error:
        error["state"] = failed_state(state)
    return error
