"""Running photos again: what would start, what it costs, whether it can help; and the start itself."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from imagelabels.console.execution_page import command
from imagelabels.console.failures import Group, failing, remedy
from imagelabels.console.matching import MOST
from imagelabels.console.rows import name_of, style_of
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.reprocess.price import dollars_of
from imagelabels.stack import executions
from imagelabels.stack.executions import RUNNING, Execution
from imagelabels.terminal.console import as_json
from imagelabels_shared.execution_input import locate


class Plan(NamedTuple):
    """What "Start" would do. `causes` are the failures in groups, `warnings` say why it may not help.

    `command` does the same in a terminal.
    """

    executions: list[Execution]
    input: str
    dollars: float
    causes: list[Group]
    warnings: list[str]
    command: str

    @property
    def keys(self) -> list[str]:
        return [one.key for one in self.executions]


def plan(source: Source, names: Iterable[str]) -> Plan:
    """Return the plan for these executions, each photo once; raises UserError for none, or more than MOST."""
    chosen = list(dict.fromkeys(names))
    if not chosen:
        raise UserError("Choose executions first.")
    if len(chosen) > MOST:
        raise UserError(f"At most {MOST} at once; `imagelabels reprocess` starts any number, and can be resumed.")
    executions = [source.execution(source.arn(name)) for name in chosen]
    inputs = [str(source.description(name)["input"]) for name in chosen]
    return Plan(
        executions,
        _indented(inputs[0]) if len(chosen) == 1 else "",
        dollars_of(source.stack, len(chosen)),
        failing(executions),
        list(dict.fromkeys(_warnings(executions))),
        "\n".join(dict.fromkeys(map(command, executions, inputs))),
    )


def _indented(text: str) -> str:
    try:
        return as_json(json.loads(text), indent=2)
    except ValueError:
        return text


def _warnings(executions: list[Execution]) -> Iterable[str]:
    for one in executions:
        if style_of(one.outcome) == "failed" and (said := remedy(one.reason.partition(": ")[0])):
            yield said
        elif one.outcome == "REJECTED":
            yield "A rejected photo is rejected again, unless a better version of it was uploaded since."
        elif one.outcome == RUNNING:
            yield "An execution of this photo is still running; the newer one wins."


def checked(text: str, bucket: str) -> str:
    """Return an edited input on one line; raises UserError for one that the workflow would refuse."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UserError(f"The input is not JSON: {error}.") from error
    try:
        found = locate(document)
    except ValueError as error:
        raise UserError(str(error)) from error
    if found["bucket"] != bucket:
        raise UserError(f"The input names the bucket {found['bucket']}; photos of this stack are in {bucket}.")
    return json.dumps(document, ensure_ascii=False)


def start(source: Source, names: Iterable[str], edited: str = "") -> list[str]:
    """Start each execution's photo again, with its own input or, for one, an edited one; return the ARNs."""
    wanted = plan(source, names)
    own = [str(source.description(name_of(one.arn))["input"]) for one in wanted.executions]
    inputs = [checked(edited, source.bucket)] if edited and len(wanted.executions) == 1 else own
    return [executions.start(source.stack, one) for one in inputs]
