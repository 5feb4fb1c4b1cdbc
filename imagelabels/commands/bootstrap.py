"""`imagelabels bootstrap`."""

from imagelabels.deploy import cdk_cli
from imagelabels.deploy.preflight import environment
from imagelabels.paths import ROOT
from imagelabels.stack.connection import shell_session


def bootstrap() -> None:
    """Create the CDK's own bucket and roles, once per account and region."""
    target = environment(shell_session())
    # In the root folder: in the app's folder the CDK would first synthesize the app.
    cdk_cli.run("bootstrap", f"aws://{target.account}/{target.region}", folder=ROOT)
