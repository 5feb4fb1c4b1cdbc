"""`imagelabels watch`."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer
from rich.live import Live

from imagelabels.commands.options import AsJson
from imagelabels.stack.connection import connect
from imagelabels.stack.follow import Follower, pause
from imagelabels.stack.pipeline import RED, Execution, Pipeline
from imagelabels.terminal import tables
from imagelabels.terminal.console import out, print_json, print_view, say
from imagelabels_shared.timestamps import timestamp


def watch(
    limit: Annotated[int, typer.Option(min=1, help="How many executions, the newest first.")] = 20,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that failed, timed out or were aborted.")
    ] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep watching until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where photos are in the workflow: state, retries of that state, age, labels or what went wrong.

    With --follow, a table that is redrawn on a terminal, elsewhere a line (with --json: a document) for each move.
    """
    pipeline = Pipeline(connect())
    if follow:
        _follow(Follower(pipeline, limit), failed=failed, as_json=as_json)
        return
    executions = [pipeline.execution(arn) for arn in (pipeline.red(limit) if failed else pipeline.arns(limit))]
    if as_json:
        print_json([_document(one) for one in executions])
    else:
        print_view(tables.table(executions, most=limit))


def _follow(follower: Follower, *, failed: bool, as_json: bool) -> None:
    if as_json or not out.is_terminal:
        _print_moves(follower, _print_line if as_json else _say_line, failed=failed)
    with Live(tables.table([]), console=out) as live:
        while True:
            follower.look()
            live.update(tables.table(_wanted(follower.seen.values(), failed=failed)))
            pause(follower.pause_seconds)


def _print_moves(follower: Follower, show: Callable[[Execution], None], *, failed: bool) -> None:
    while True:
        for one in _wanted(follower.look(), failed=failed):
            show(one)
        pause(follower.pause_seconds)


def _wanted(executions: Iterable[Execution], *, failed: bool) -> list[Execution]:
    return [one for one in executions if one.outcome in RED or not failed]


def _say_line(one: Execution) -> None:
    say(tables.line(one))


def _print_line(one: Execution) -> None:
    print_json(_document(one), indent=None)


def _document(one: Execution) -> dict[str, Any]:
    return {
        "execution": one.arn,
        "key": one.key,
        "state": one.state,
        "retries": one.retries,
        "outcome": one.outcome,
        "started": timestamp(one.started),
        "stopped": timestamp(one.stopped) if one.stopped else None,
        "labels": one.labels,
        "reason": one.reason,
    }
