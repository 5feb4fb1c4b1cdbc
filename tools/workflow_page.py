"""The page docs/workflow.md: the picture, the states and the errors, from the definition and the code."""

import inspect
import re
from collections import defaultdict
from typing import Any

from imagelabels.paths import ROOT
from imagelabels_shared import errors
from infra.definition import definition

PAGE = ROOT / "docs" / "workflow.md"
IMAGES = ROOT / "docs" / "images.md"
States = dict[str, dict[str, Any]]
# How a flow chart shows the types of states that are not a rectangle.
SHAPES = {"Choice": ("{", "}"), "Succeed": ("([", "])"), "Fail": ("([", "])")}
HEAD = """# The workflow

The definition is [statemachine/label_image.asl.yaml](../statemachine/label_image.asl.yaml). `make docs` writes this
page from the definition and from `functions/imagelabels_shared/errors.py`; a test compares them. Solid lines are the
way of a state that succeeds, dotted lines the way of an error that is caught after its retries.
"""
STATES = """
## States

`calls` is the Lambda function (named like its folder in `functions/`) or the URL of the SQS queue that a Task state
uses; `timeout` is in seconds, for one attempt. [Architecture](architecture.md) says what each state adds to the data,
[retries](retries.md) how often a call is repeated.

| state | type | does | calls | timeout |
|---|---|---|---|---|
"""
ERRORS = """
## Errors

Each error is a class in `functions/imagelabels_shared/errors.py`. `retried` is the number of further attempts;
`leads to` is the state that follows after the last one. [Photos](images.md#rejections) lists every sentence of a
rejection.

| error | meaning | retried | leads to | its sentence, for example |
|---|---|---|---|---|
"""
FOOT = """
Any other error leads to `PublishFailure` at once, and the operators get a report. For a missing permission
(`AccessDeniedError`) the report names the permission and the resource.

## In the Step Functions console

Open the state machine `label-image`. Each execution shows its states, inputs, outputs and retries. To run a photo
again choose **New execution** with the input `{"bucket": "...", "key": "..."}`, which runs the newest version. An S3
event names its version, as `"versionId"` does, and a run of an older version ends SUPERSEDED. The report mail has the
command, and `imagelabels reprocess` does it for many photos.
"""


def page() -> str:
    """Return the page as Markdown."""
    states: States = definition()["States"]
    table_of_states = "".join(_row(_state_cells(name, state)) for name, state in states.items())
    table_of_errors = "".join(_row(_error_cells(error, states)) for error in _errors())
    return HEAD + _picture(states) + STATES + table_of_states + ERRORS + table_of_errors + FOOT


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _picture(states: States) -> str:
    lines = ["uploaded([S3 event]) --> StartEmpty"]
    lines += [f"{name}{start}{name}{end}" for name, (start, end) in _shapes(states).items()]
    lines += [line for name, state in states.items() for line in _successors(name, state)]
    lines += [
        f'{" & ".join(sources)} -.->|"{label}"| {target}' for (label, target), sources in _catches(states).items()
    ]
    return "\n```mermaid\nflowchart TD\n" + "".join(f"  {line}\n" for line in lines) + "```\n"


def _shapes(states: States) -> dict[str, tuple[str, str]]:
    return {name: SHAPES[state["Type"]] for name, state in states.items() if state["Type"] in SHAPES}


def _successors(name: str, state: dict[str, Any]) -> list[str]:
    choices = [f'{name} -->|"{_condition(choice)}"| {choice["Next"]}' for choice in state.get("Choices", [])]
    default = [f'{name} -->|"otherwise"| {state["Default"]}'] if "Default" in state else []
    following = [f"{name} --> {state['Next']}"] if "Next" in state else []
    return choices + default + following + [f"{name} --> labelled([labelled])"] * state.get("End", False)


def _condition(choice: dict[str, Any]) -> str:
    return str(choice["Variable"].rsplit(".", 1)[1])


def _catches(states: States) -> dict[tuple[str, str], list[str]]:
    """Return the states that each caught group of errors leads away from, by its label and its target."""
    found = defaultdict(list)
    for name, state in states.items():
        for catch in state.get("Catch", []):
            found[_label(catch["ErrorEquals"]), catch["Next"]].append(name)
    return found


def _label(names: list[str]) -> str:
    if names == ["States.ALL"]:
        return "any other error"
    return names[0] if len(names) == 1 else "the photo is rejected"


def _state_cells(name: str, state: dict[str, Any]) -> list[str]:
    seconds = str(state.get("TimeoutSeconds", ""))
    return [f"`{name}`", state["Type"], state["Comment"], _called(state.get("Parameters", {})), seconds]


def _called(parameters: dict[str, Any]) -> str:
    name = re.fullmatch(
        r"\$\{(\w+?)(FunctionArn)?\}", parameters.get("FunctionName") or parameters.get("QueueUrl") or ""
    )
    return f"`{name[1]}`" if name else ""


def _errors() -> list[type[Exception]]:
    return [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]


def _error_cells(error: type[Exception], states: States) -> list[str]:
    name = error.__name__
    retriers = [retry for state in states.values() for retry in state.get("Retry", []) if name in retry["ErrorEquals"]]
    attempts = {retry["MaxAttempts"] for retry in retriers} or {"never"}
    meaning = inspect.getdoc(error) or ""
    return [f"`{name}`", meaning, "/".join(map(str, attempts)), _targets(name, states), _example(name)]


def _targets(name: str, states: States) -> str:
    sources = defaultdict(list)
    for state_name, state in states.items():
        for catch in state.get("Catch", []):
            if name in catch["ErrorEquals"]:
                sources[catch["Next"]].append(f"`{state_name}`")
    return "; ".join(f"`{target}`, from {', '.join(names)}" for target, names in sources.items()) or "`PublishFailure`"


def _example(name: str) -> str:
    """Return the sentence in the first row of this error in docs/images.md."""
    row = re.search(rf"^\| `{name}` \| ([^|]+) \| ([^|]+) \|", IMAGES.read_text(), re.MULTILINE)
    return f"{row[1]} {row[2]}" if row else ""
