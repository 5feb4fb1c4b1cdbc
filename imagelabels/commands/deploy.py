"""`imagelabels deploy`."""

from imagelabels.commands.options import Assembly, Email, OperatorsEmail, Settings, Stage
from imagelabels.deploy import cdk_cli
from imagelabels.deploy.preflight import check_bootstrap, check_rekognition, environment
from imagelabels.deploy.settings import with_options
from imagelabels.deploy.summary import summary
from imagelabels.stack.connection import STACK_NAME, on_aws, shell_session
from imagelabels.terminal.console import say


def deploy(
    email: Email,
    operators_email: OperatorsEmail = "",
    stage: Stage = "dev",
    settings: Settings = "",
    assembly: Assembly = None,
) -> None:
    """Deploy the stack on AWS, or update it, and print where everything is."""
    chosen = with_options(settings, email, operators_email, stage)
    session = shell_session()
    target = environment(session)
    check_rekognition(session, target.region)
    check_bootstrap(session, target)
    cdk_cli.run("deploy", STACK_NAME, "--require-approval", "never", *cdk_cli.context(chosen), *cdk_cli.app(assembly))
    for line in summary(on_aws(session).outputs, target.region, chosen.get("reportSender", email)):
        say(line)
