"""`imagelabels diff`."""

from imagelabels.commands.options import Assembly, Email, OperatorsEmail, Settings, Stage
from imagelabels.deploy import cdk_cli
from imagelabels.deploy.preflight import environment
from imagelabels.deploy.settings import with_options
from imagelabels.stack.connection import STACK_NAME, shell_session


def diff(
    email: Email,
    operators_email: OperatorsEmail = "",
    stage: Stage = "dev",
    settings: Settings = "",
    assembly: Assembly = None,
) -> None:
    """Show what a deploy with the same settings would change."""
    chosen = with_options(settings, email, operators_email, stage)
    environment(shell_session())
    cdk_cli.run("diff", STACK_NAME, *cdk_cli.context(chosen), *cdk_cli.app(assembly))
