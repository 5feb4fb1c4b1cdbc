"""AWS's rule packs, run over the stack at every synthesis: a finding is mended or acknowledged."""

import cdk_nag
from aws_cdk import App, Validations


def inspect(app: App) -> None:
    """Make `app.synth()` fail on a finding that nobody acknowledged."""
    Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.ServerlessChecks(app))
