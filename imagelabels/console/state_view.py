"""What is shown of one state of an execution: its data in tabs, its attempts, its log."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from imagelabels.console.json_view import Piece, lines, plain, pretty
from imagelabels.console.step_log import ReadLog, function_of
from imagelabels.console.steps import Step
from imagelabels.console.time_axis import duration
from imagelabels_shared.text import plain_cause

TABS = {"output": "Output", "input": "Input", "error": "Error", "log": "Log", "definition": "Definition"}


class AttemptLine(NamedTuple):
    number: int
    well: bool
    text: str


@dataclass(frozen=True)
class StateView:
    """What is shown of the chosen state; `text` is what the copy button gives."""

    name: str
    status: str
    took: str
    error: str
    cause: str
    attempts: list[AttemptLine]
    tabs: list[tuple[str, str]]
    tab: str
    lines: list[list[Piece]]
    text: str


def state_view(step: Step, definition: dict[str, Any], tab: str, end: datetime, read_log: ReadLog) -> StateView:
    """Return what is shown of a step; its log is read only when `tab` is "log"."""
    task = definition["States"].get(step.name, {})
    function = function_of(task)
    there = {"error": bool(step.error), "log": bool(function)}
    tabs = [name for name in TABS if there.get(name, True)]
    chosen = tab if tab in tabs else "error" if step.error else "output"
    texts = {
        "input": step.input,
        "output": step.output or "null",
        "definition": json.dumps(task),
        "error": step.cause,
    }
    if chosen == "log":
        texts["log"] = "\n".join(read_log(function, step))
    return StateView(
        name=step.name,
        status=step.status,
        took=duration(step.seconds(end)),
        error=step.error,
        cause=plain_cause(step.cause) if step.error else "",
        attempts=[_attempt(number, step, end) for number in range(len(step.attempts))],
        tabs=[(name, TABS[name]) for name in tabs],
        tab=chosen,
        lines=plain(texts[chosen]) if chosen == "log" else lines(texts[chosen]),
        text=texts[chosen] if chosen == "log" else pretty(texts[chosen]),
    )


def _attempt(number: int, step: Step, end: datetime) -> AttemptLine:
    one = step.attempts[number]
    took = duration(((one.ended or end) - one.started).total_seconds())
    if not one.error:
        return AttemptLine(number + 1, well=True, text=f"answered after {took}" if one.ended else f"runs for {took}")
    following = step.attempts[number + 1] if number + 1 < len(step.attempts) else None
    waited = (
        f"; then a wait of {duration((following.started - one.ended).total_seconds())}"
        if following and one.ended
        else ""
    )
    return AttemptLine(number + 1, well=False, text=f"{one.error} after {took}{waited}")
