"""The CDK app: `cdk synth` in this folder runs it; `make run` deploys the same template on this machine."""

import sys

import aws_cdk as cdk

from infra.nag import inspect
from infra.settings import Settings
from infra.stack import ImageLabels


def build(app: cdk.App) -> ImageLabels:
    return ImageLabels(app, "ImageLabels", settings=Settings.from_context(app.node))


if __name__ == "__main__":
    app = cdk.App()
    inspect(app)
    try:
        build(app)
    except ValueError as error:
        sys.exit(f"Cannot synthesize: {error}")
    app.synth()
