"""`imagelabels diff`."""

from imagelabels.commands.options import Email, OperatorsEmail, Settings, Stage
from imagelabels.deploy import cdk_cli
from imagelabels.deploy.deployed_stack import find
from imagelabels.deploy.plan import planned
from imagelabels.deploy.preflight import environment
from imagelabels.deploy.quota import propose
from imagelabels.deploy.settings import given
from imagelabels.stack.connection import STACK_NAME, shell_session
from imagelabels.terminal.console import say


def diff(
    email: Email = None,
    operators_email: OperatorsEmail = None,
    stage: Stage = None,
    settings: Settings = "",
) -> None:
    """Show what a deploy with the same settings would change; those that are not given keep their deployed values."""
    chosen = given(settings, email=email, operators_email=operators_email, stage=stage)
    session = shell_session()
    environment(session)
    stack = find(session)
    chosen, _line = propose(session, chosen, stack)
    plan = planned(chosen, stack)
    for line in plan.lines:
        say(line)
    cdk_cli.run("diff", STACK_NAME, *cdk_cli.context(plan.values))
