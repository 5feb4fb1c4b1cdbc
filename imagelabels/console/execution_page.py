"""Everything that the page of one execution shows, put together from what the source knows of it."""

import json
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from imagelabels.console.failures import remedy
from imagelabels.console.graph import Graph, graph
from imagelabels.console.json_view import pretty
from imagelabels.console.labels_view import DrawnBox, LabelBar, bars, drawn_boxes
from imagelabels.console.rows import Row, row
from imagelabels.console.state_view import StateView, state_view
from imagelabels.console.step_log import ReadLog, no_log
from imagelabels.console.steps import Step, at_fault, steps
from imagelabels.console.story import Event, story
from imagelabels.console.time_axis import Bar, Tick, duration, ticks
from imagelabels.console.time_axis import bars as time_bars
from imagelabels.stack.executions import Execution
from imagelabels_shared.execution_input import locate
from imagelabels_shared.report.links import rerun_command
from imagelabels_shared.report.photo import photo_facts
from imagelabels_shared.text import plain_cause, visible


class StepLine(NamedTuple):
    """One step on the time axis."""

    name: str
    status: str
    took: str
    retries: int
    bars: list[Bar]


@dataclass(frozen=True)
class ExecutionPage:
    """One execution. `problem` is what went wrong, `remedy` what has to be true before a new run helps."""

    row: Row
    version: str
    input: str
    problem: str
    problem_error: str
    problem_state: str
    remedy: str
    facts: list[Any]
    labels: list[LabelBar]
    boxes: list[DrawnBox]
    expired: bool
    graph: Graph
    ticks: list[Tick]
    steps: list[StepLine]
    state: StateView | None
    story: list[Event]
    command: str
    redrivable: bool


class Known(NamedTuple):
    """What AWS knows of an execution; `answer` is Rekognition's, None when it is gone, `recipient` who got the mail.

    `read_log` reads a step's log.
    """

    execution: Execution
    description: dict[str, Any]
    history: list[dict[str, Any]]
    definition: dict[str, Any]
    answer: dict[str, Any] | None
    recipient: str = ""
    read_log: ReadLog = no_log


def execution_page(known: Known, state: str = "", tab: str = "", now: datetime | None = None) -> ExecutionPage:
    """Return the page; `state` and `tab` are what is looked at, the most telling one without them."""
    one, description, history, definition, answer, recipient, read_log = known
    now = now or datetime.now(UTC)
    found, end = steps(history), one.stopped or now
    output = _parsed(description.get("output"))
    labels = output.get("detection", {}).get("labels", [])
    boxes = drawn_boxes(answer, {label["name"] for label in labels})
    wrong = at_fault(found)
    error, cause = (wrong.error, plain_cause(wrong.cause)) if wrong else ("", "")
    chosen = next((step for step in found if step.name == state), None) or wrong or _telling(found)
    image = output.get("image") or _seen(found)
    return ExecutionPage(
        row=row(one, now),
        version=str(image.get("versionId") or "")[:8],
        input=pretty(description["input"]),
        problem=cause,
        problem_error=error,
        problem_state=wrong.name if wrong else "",
        remedy=remedy(error),
        facts=photo_facts(image) if image.get("key") else [],
        labels=bars(labels, boxes, answer),
        boxes=boxes,
        expired=bool(labels) and answer is None,
        graph=graph(definition, found, end, labelled=one.outcome == "LABELLED"),
        ticks=ticks((end - one.started).total_seconds()),
        steps=[_line(step, one.started, end) for step in found],
        state=state_view(chosen, definition, tab, end, read_log) if chosen else None,
        story=story(found, by_upload="detail" in _parsed(description["input"]), recipient=recipient),
        command=command(one, description["input"]),
        redrivable=redrivable(description, found),
    )


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _seen(found: list[Step]) -> dict[str, Any]:
    """Return what the steps so far know of the photo."""
    images = (_parsed(step.output).get("image") for step in reversed(found))
    return next((dict(image) for image in images if image), {})


def _telling(found: list[Step]) -> Step | None:
    """Return the step that says most: the one that found the labels, else the last."""
    return next((step for step in found if step.name == "DetectLabels"), found[-1] if found else None)


def _line(step: Step, start: datetime, end: datetime) -> StepLine:
    took = duration(step.seconds(end)) if step.attempts else ""
    return StepLine(step.name, step.status, took, step.retries, time_bars(step, start, end))


def command(one: Execution, execution_input: str) -> str:
    """Return the command that starts the same photo again."""
    try:
        source = locate(_parsed(execution_input))
    except ValueError:
        return "imagelabels watch --failed"
    if visible(one.key) != one.key:
        # No shell takes such a key as it is shown; this command has it in ASCII.
        return rerun_command(one.arn, dict(source))
    return f"imagelabels reprocess {shlex.quote(one.key)}"


def redrivable(description: dict[str, Any], found: list[Step]) -> bool:
    """Whether a redrive helps: Step Functions can, and the execution did not end in its own Fail state."""
    return description.get("redriveStatus") == "REDRIVABLE" and bool(found) and found[-1].kind != "Fail"
