"""`imagelabels destroy`."""

from typing import Annotated

import typer

from imagelabels.commands.options import Assembly
from imagelabels.deploy import cdk_cli
from imagelabels.deploy.preflight import environment
from imagelabels.deploy.teardown import empty_buckets, refuse_when_protected
from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME, on_aws, shell_session
from imagelabels.terminal.console import say


def destroy(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    assembly: Assembly = None,
) -> None:
    """Delete the stack with all photos, labels and records; a stack of stage prod is refused."""
    session = shell_session()
    target = environment(session)
    on_aws(session)
    refuse_when_protected(session)
    question = (
        f"Delete the stack {STACK_NAME} in account {target.account}, {target.region}, with every photo and label?"
    )
    if not yes and not typer.confirm(question):
        raise UserError("Nothing was deleted.")
    empty_buckets(session)
    cdk_cli.run("destroy", STACK_NAME, "--force", *cdk_cli.app(assembly))
    say(f"Deleted. Only the CDK's own bucket and roles are left in {target.region}, for the next deploy.")
