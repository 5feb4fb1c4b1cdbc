"""`imagelabels destroy`."""

from typing import Annotated

import boto3
import typer

from imagelabels.deploy import cdk_cli
from imagelabels.deploy.deployed_stack import NEVER_COMPLETE, find
from imagelabels.deploy.emptying import empty
from imagelabels.deploy.preflight import environment
from imagelabels.deploy.teardown import (
    BUCKET,
    MACHINE,
    QUEUE,
    RULE,
    TABLE,
    delete_unused,
    disable_rules,
    end_protection,
    ids,
    refuse_when_protected,
    resources,
    running,
    stop,
)
from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME, shell_session
from imagelabels.stack.follow import PAUSE_ON_AWS_SECONDS, pause
from imagelabels.terminal.console import err, note, progress, say


def destroy(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stop_executions: Annotated[
        bool, typer.Option("--stop", envvar="STOP", help="Stop running executions; without it, wait for their end.")
    ] = False,
) -> None:
    """Delete the stack with all photos, labels and records; a stack of stage prod is refused.

    It can be interrupted at any time, and run again.
    """
    session = shell_session()
    target = environment(session)
    stack = find(session)
    if stack is None:
        raise UserError(f"There is no stack {STACK_NAME} in {target.region}.")
    refuse_when_protected(stack)
    found, unfinished = resources(session), stack.status in NEVER_COMPLETE
    kept = [] if unfinished else ids(found, BUCKET, TABLE, QUEUE, stays=True)
    with_data = f"; these stay: {', '.join(kept)}" if kept else ", with every photo and label"
    if not yes and not typer.confirm(
        f"Delete the stack {STACK_NAME} in account {target.account}, {target.region}{with_data}?"
    ):
        raise UserError("Nothing was deleted.")
    disable_rules(session, ids(found, RULE))
    note("The rules are disabled: no upload starts an execution any more.")
    _end_executions(session, ids(found, MACHINE), at_once=stop_executions, ask=not yes)
    if unfinished:
        end_protection(session)
        delete_unused(session, ids(found, TABLE))
    _delete(session, ids(found, BUCKET) if unfinished else ids(found, BUCKET, stays=False))
    for name in kept:
        say(f"Kept: {name}")
    say(f"Deleted. Only the CDK's own bucket and roles are left in {target.region}, for the next deploy.")


def _end_executions(session: boto3.Session, machines: list[str], *, at_once: bool, ask: bool) -> None:
    count = len(running(session, machines))
    if not count:
        return
    if at_once or (ask and typer.confirm(f"{count} executions run. Stop them? Otherwise this waits for their end.")):
        stop(session, running(session, machines))
    with err.status("Waiting for running executions; Ctrl-C ends this, and --stop stops them ..."):
        while running(session, machines):
            pause(PAUSE_ON_AWS_SECONDS)


def _delete(session: boto3.Session, buckets: list[str]) -> None:
    """Empty the buckets and delete the stack; again when a function, or somebody, wrote to a bucket meanwhile."""
    while True:
        _empty(session, buckets)
        try:
            cdk_cli.run("destroy", STACK_NAME, "--force")
        except UserError:
            if not _empty(session, buckets):
                raise
            note("A bucket was not empty any more; once again.")
        else:
            return


def _empty(session: boto3.Session, buckets: list[str]) -> int:
    s3, total = session.client("s3"), 0
    with progress() as bar:
        task = bar.add_task("Deleting objects", total=None)
        for bucket in buckets:
            count = empty(s3, bucket, lambda number: bar.advance(task, number))
            if count:
                note(f"{bucket}: {count} versions of objects deleted")
            total += count
    return total
