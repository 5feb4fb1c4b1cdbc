"""What must be there before a deploy; what is missing is one sentence."""

from typing import NamedTuple

import boto3

from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME
from imagelabels.terminal.console import note

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
# The default synthesizer of aws-cdk-lib 2 requires it, in the rule CheckBootstrapVersion of each template.
OLDEST_BOOTSTRAP = 6


class Environment(NamedTuple):
    """The account and the region that a stack is deployed to, which the CDK calls an environment."""

    account: str
    region: str


def environment(session: boto3.Session) -> Environment:
    """Return the environment of a session, and say it; raises UserError without a region, botocore's errors as well."""
    if not session.region_name:
        raise UserError("No region is set: set AWS_REGION, for example to us-east-1.")
    account = session.client("sts").get_caller_identity()["Account"]
    note(f"AWS {account}, {session.region_name}, stack {STACK_NAME}")
    return Environment(account, session.region_name)


def check_rekognition(session: boto3.Session, region: str) -> None:
    """Raise UserError when the region has no Rekognition, which must be in the same region as the photos."""
    partition = session.get_partition_for_region(region)
    regions = session.get_available_regions("rekognition", partition)
    if region not in regions:
        raise UserError(f"Amazon Rekognition is not in {region}; set AWS_REGION to one of {', '.join(regions)}.")


def check_bootstrap(session: boto3.Session, target: Environment) -> None:
    """Raise UserError when the CDK's own resources are missing, or too old."""
    try:
        version = int(session.client("ssm").get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
    except session.client("ssm").exceptions.ParameterNotFound:
        version = 0
    if version < OLDEST_BOOTSTRAP:
        raise UserError(
            f"The CDK is not set up in account {target.account}, {target.region}: run `make bootstrap` once."
        )
