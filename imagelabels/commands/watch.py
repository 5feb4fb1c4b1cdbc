"""`imagelabels watch`."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.live import Live

from imagelabels import display
from imagelabels.commands.options import AsJson
from imagelabels.connection import connect
from imagelabels.follow import Follower, pause
from imagelabels.pipeline import Execution, Pipeline
from imagelabels.terminal import out, print_json, say


def watch(
    limit: Annotated[int, typer.Option(min=1, help="How many executions, the newest first.")] = 20,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep watching until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where photos are in the workflow."""
    pipeline = Pipeline(connect())
    if follow:
        _follow(pipeline, as_json=as_json)
        return
    executions = [pipeline.execution(arn) for arn, _status in pipeline.arns(limit)]
    if as_json:
        print_json([_document(one) for one in executions])
    else:
        out.print(display.table(executions))


def _follow(pipeline: Pipeline, *, as_json: bool) -> None:
    follower = Follower(pipeline)
    if as_json or not out.is_terminal:
        _print_moves(follower, (lambda one: json.dumps(_document(one))) if as_json else display.line)
    with Live(display.table([]), console=out) as live:
        while True:
            follower.look()
            live.update(display.table(follower.seen.values()))
            pause()


def _print_moves(follower: Follower, form: Callable[[Execution], str]) -> None:
    while True:
        for one in follower.look():
            say(form(one))
        pause()


def _document(one: Execution) -> dict[str, Any]:
    return {
        "execution": one.arn,
        "key": one.key,
        "state": one.state,
        "outcome": one.outcome,
        "started": one.started.isoformat(),
        "stopped": one.stopped.isoformat() if one.stopped else None,
        "labels": one.labels,
        "reason": one.reason,
    }
