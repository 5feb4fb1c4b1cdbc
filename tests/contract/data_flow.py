"""Which paths of the state are there when a state reads them: a check of the definition that follows its data.

AWS ends an execution with States.Runtime when a path is missing, and no Retry and no Catch matches this error. So every
path must have been written on each way that leads to the state. A shape is what is known to be there: the fields by
name, each with its own shape; a field whose contents are not known has the shape `{}`.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, get_type_hints, is_typeddict

from imagelabels_shared.models import Changes, Detection, Image
from publish_report.handler import Published

Shape = dict[str, Any]
# What the handlers return.
ANSWERS = {
    "ValidateImage": Image,
    "NormalizeImage": Image,
    "DetectLabels": Detection,
    "PersistLabels": Changes,
    "PublishReport": Published,
}
# The context object; what the execution's input has is not known.
CONTEXT: Shape = {
    "Execution": {"Id": {}, "Input": {}, "Name": {}, "StartTime": {}},
    "State": {"EnteredTime": {}, "Name": {}},
}
# AWS writes both, whatever was caught (for States.Timeout the cause is "").
CAUGHT: Shape = {"Error": {}, "Cause": {}}
KNOWN_FIELDS = {
    *("Type", "Comment", "Resource", "Parameters", "ResultSelector", "ResultPath", "Result", "Retry", "Catch"),
    *("TimeoutSeconds", "Next", "End", "Choices", "Default", "ErrorPath", "CausePath", "TimestampPath"),
}
FUNCTION = re.compile(r"\$\{(\w+)FunctionArn\}")
PATHS = re.compile(r"\$\$?[\w.]*")


class Way(NamedTuple):
    """A transition, and what the state has when it is taken."""

    target: str
    shape: Shape


def missing_paths(definition: dict[str, Any], answers: dict[str, Any] = ANSWERS) -> list[str]:
    """Complain of each path that a state reads and that may not be there, and of what this check does not know."""
    states = definition["States"]
    arriving: dict[str, Shape] = {definition["StartAt"]: {}}
    ahead = [definition["StartAt"]]
    while ahead:
        name = ahead.pop()
        for target, shape in ways(states[name], arriving[name], answers):
            common = shared(arriving[target], shape) if target in arriving else shape
            if common != arriving.get(target):
                arriving[target] = common
                ahead.append(target)
    unknown = [f"{name}: {field} is unknown" for name in states for field in sorted(set(states[name]) - KNOWN_FIELDS)]
    missing = [
        f"{name} reads {path}" for name, shape in arriving.items() for path in reads(states[name], shape, answers)
    ]
    return unknown + missing


def ways(state: dict[str, Any], arriving: Shape, answers: dict[str, Any]) -> Iterator[Way]:
    """Yield each way out of a state."""
    for catch in state.get("Catch", []):
        yield Way(catch["Next"], placed(arriving, catch.get("ResultPath", "$"), CAUGHT))
    for choice in state.get("Choices", []):
        yield Way(choice["Next"], arriving)
    if "Default" in state:
        yield Way(state["Default"], arriving)
    if "Next" in state:
        yield Way(state["Next"], placed(arriving, state.get("ResultPath", "$"), result(state, arriving, answers)))


def result(state: dict[str, Any], arriving: Shape, answers: dict[str, Any]) -> Shape:
    """Return the shape of what a state puts at its ResultPath."""
    if state["Type"] == "Task":
        answer = task_answer(state, answers)
        return evaluated(state["ResultSelector"], answer) if "ResultSelector" in state else answer
    if "Result" in state:
        return evaluated(state["Result"], {})
    return evaluated(state["Parameters"], arriving) if "Parameters" in state else arriving


def reads(state: dict[str, Any], arriving: Shape, answers: dict[str, Any]) -> Iterator[str]:
    """Yield each path that a state reads and that may be missing."""
    paths = [*paths_in(state.get("Parameters")), *(choice["Variable"] for choice in state.get("Choices", []))]
    paths += [state[field] for field in ("ErrorPath", "CausePath", "TimestampPath") if field in state]
    yield from (path for path in paths if found(path, arriving) is None)
    if "ResultSelector" in state:
        answer = task_answer(state, answers)
        yield from (path for path in paths_in(state["ResultSelector"]) if found(path, answer) is None)


def task_answer(state: dict[str, Any], answers: dict[str, Any]) -> Shape:
    function = FUNCTION.fullmatch(state["Parameters"].get("FunctionName", ""))
    return {"Payload": shape_of(answers[function[1]])} if function else {}


def paths_in(template: Any) -> Iterator[str]:
    """Yield the paths of a payload template, those that an intrinsic function reads included."""
    if isinstance(template, dict):
        for name, value in template.items():
            yield from PATHS.findall(value) if name.endswith(".$") else paths_in(value)
    elif isinstance(template, list):
        for item in template:
            yield from paths_in(item)


def evaluated(template: Any, source: Shape) -> Shape:
    """Return the shape of a payload template; nothing is known of a missing path and of a function's result."""
    if not isinstance(template, dict):
        return {}
    return {
        name.removesuffix(".$"): (found(value, source) or {}) if name.endswith(".$") else evaluated(value, source)
        for name, value in template.items()
    }


def found(path: str, source: Shape) -> Shape | None:
    """Return the shape at a path; None when it may be missing."""
    if path.startswith("States."):
        return {}
    shape, names = (CONTEXT, path[2:]) if path.startswith("$$") else (source, path[1:])
    for name in filter(None, names.split(".")):
        if name not in shape:
            return None
        shape = shape[name]
    return shape


def placed(whole: Shape, path: str | None, part: Shape) -> Shape:
    """Return the shape of a state with a part at a ResultPath: a field, the whole (`$`) or nowhere (None)."""
    if path is None:
        return whole
    return part if path == "$" else {**whole, path.removeprefix("$."): part}


def shared(one: Shape, other: Shape) -> Shape:
    return {name: shared(one[name], other[name]) for name in one if name in other}


def shape_of(kind: Any) -> Shape:
    """Return the fields that a TypedDict always has."""
    if not is_typeddict(kind):
        return {}
    hints = get_type_hints(kind)
    return {name: shape_of(hints[name]) for name in sorted(kind.__required_keys__)}
