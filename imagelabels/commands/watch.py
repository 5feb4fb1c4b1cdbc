"""`imagelabels watch`."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer
from rich.live import Live

from imagelabels.commands.options import AsJson
from imagelabels.commands.target import connect
from imagelabels.stack import executions
from imagelabels.stack.executions import UNSUCCESSFUL, Execution
from imagelabels.stack.follow import Follower, pause
from imagelabels.terminal import tables
from imagelabels.terminal.console import note, out, print_json, print_json_line, print_view, say

OTHER_LINES = 3


def watch(
    limit: Annotated[int, typer.Option(min=1, help="How many executions, the newest first.")] = 20,
    *,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that failed, timed out or were aborted.")
    ] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep watching until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where photos are in the workflow, the newest first: state, retries, age, labels or what went wrong.

    A terminal gets a table, with what is running on top; elsewhere each photo is one line that begins with its start.
    --follow redraws the table, or prints a line for each change, with --json a JSON document per line.
    """
    stack = connect()
    if follow:
        _follow(Follower(stack, limit), failed=failed, as_json=as_json)
        return
    found = executions.newest(stack, limit, unsuccessful=failed)
    if as_json:
        print_json([execution.document() for execution in found])
    elif out.is_terminal and found:
        print_view(tables.table(found, most=limit))
    else:
        for execution in found:
            _say_line(execution)
    if not found:
        note("No execution failed, timed out or was aborted." if failed else "There are no executions yet.")


def _follow(follower: Follower, *, failed: bool, as_json: bool) -> None:
    if as_json or not out.is_terminal:
        _print_changes(follower, _print_document if as_json else _say_line, failed=failed)
    with Live(tables.table([]), console=out) as live:
        while True:
            follower.look()
            # Below the rows there are the heading's and the caption's lines.
            rows = max(out.height - OTHER_LINES, 1)
            live.update(tables.table(_wanted(follower.seen.values(), failed=failed), min(rows, tables.MOST_ROWS)))
            pause(follower.pause_seconds)


def _print_changes(follower: Follower, show: Callable[[Execution], None], *, failed: bool) -> None:
    while True:
        for execution in _wanted(follower.look(), failed=failed):
            show(execution)
        pause(follower.pause_seconds)


def _wanted(found: Iterable[Execution], *, failed: bool) -> list[Execution]:
    return [execution for execution in found if execution.outcome in UNSUCCESSFUL or not failed]


def _say_line(execution: Execution) -> None:
    say(tables.line_with_start(execution))


def _print_document(execution: Execution) -> None:
    print_json_line(execution.document())
