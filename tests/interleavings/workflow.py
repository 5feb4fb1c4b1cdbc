"""An execution in this process: the handlers in the order of the definition, with its Retry and Catch simplified."""

from collections.abc import Callable
from typing import Any, TypeVar

from detect_labels.handler import handler as detect_labels
from imagelabels_shared.errors import DuplicateEventError, ImageNotFoundError, ServiceUnavailableError, SupersededError
from persist_labels.handler import handler as persist_labels
from publish_report.handler import handler as publish_report
from validate_image.handler import handler as validate_image

# The definition retries an outage five times; a lost transaction counts as an outage.
ATTEMPTS = 6
Answer = TypeVar("Answer")


def label(execution: str, started_with: dict[str, Any]) -> str:
    """Run the workflow and return its outcome."""
    run = {"execution": execution}
    state: dict[str, Any] = {}
    try:
        state["image"] = _step(validate_image, run | {"input": started_with})
        state["detection"] = _step(detect_labels, run | state)
        _step(persist_labels, run | state)
    except (DuplicateEventError, SupersededError) as error:
        return "DUPLICATE" if isinstance(error, DuplicateEventError) else "SUPERSEDED"
    except ImageNotFoundError:
        return "REJECTED"
    _step(publish_report, run | {"outcome": "LABELLED", "input": started_with, "state": state})
    return "LABELLED"


def _step(handler: Any, event: dict[str, Any]) -> Any:
    """Run the function inside the handler's decorators: loggers and metrics do not support interleaved invocations."""
    return patiently(lambda: handler.__wrapped__(event))


def patiently(work: Callable[[], Answer]) -> Answer:
    for _attempt in range(ATTEMPTS - 1):
        try:
            return work()
        except ServiceUnavailableError:
            continue
    return work()
