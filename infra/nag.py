"""cdk-nag's rule packs, which check the stack at every synthesis."""

import cdk_nag
from aws_cdk import App, Validations


def inspect(app: App) -> None:
    """Make `app.synth()` fail on a finding that is not acknowledged."""
    Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks(app), cdk_nag.ServerlessChecks(app))
