"""What a report is about, put together from the state of the workflow."""

import json
from typing import Any, NamedTuple

from shared.models import Failure, Image, Label, Outcome
from shared.source import locate


class Facts(NamedTuple):
    """Everything that a report says. Fields of `image` that no state found out are missing."""

    outcome: Outcome
    image: dict[str, Any]
    labels: list[Label]
    error: dict[str, str] | None
    execution: str


def gather(event: dict[str, Any]) -> Facts:
    """Read the facts from a publishing state's payload: outcome, execution, input, state."""
    state = event["state"]
    return Facts(
        outcome=event["outcome"],
        image=_image(state.get("image"), event["input"]),
        labels=state.get("detection", {}).get("labels", []),
        error=_error(state.get("failure")),
        execution=event["execution"],
    )


def _image(image: Image | None, execution_input: Any) -> dict[str, Any]:
    if image:
        return dict(image)
    try:
        return dict(locate(execution_input))
    except ValueError:
        return {}


def _error(failure: Failure | None) -> dict[str, str] | None:
    if failure is None:
        return None
    return {"name": failure["Error"], "cause": plain_cause(failure.get("Cause", ""))}


def plain_cause(cause: str) -> str:
    """Lambda wraps an error's message in JSON; a person wants the message."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return cause or "No cause was given."
