"""What has to be there before a deploy, each thing that is missing in one sentence."""

from typing import NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.errors import UserError

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
# What the default synthesizer of aws-cdk-lib 2 asks for, in the rule CheckBootstrapVersion of each template.
OLDEST_BOOTSTRAP = 6


class Place(NamedTuple):
    """The account and the Region that a command is about."""

    account: str
    region: str


def place(session: boto3.Session) -> Place:
    """Return where the credentials lead; raises UserError without a region or without credentials that work."""
    if not session.region_name:
        raise UserError("No region is set: set AWS_REGION, for example to us-east-1.")
    try:
        account = session.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise UserError(f"AWS does not know you: sign in, or set AWS_PROFILE. It said: {error}") from error
    return Place(account, session.region_name)


def check_rekognition(session: boto3.Session, region: str) -> None:
    """Raise UserError when Rekognition, which has to be in the photos' region, is not there."""
    partition = session.get_partition_for_region(region)
    regions = session.get_available_regions("rekognition", partition)
    if region not in regions:
        raise UserError(f"Amazon Rekognition is not in {region}; set AWS_REGION to one of {', '.join(regions)}.")


def check_bootstrap(session: boto3.Session, where: Place) -> None:
    """Raise UserError when the CDK's own resources are missing, or too old."""
    try:
        version = int(session.client("ssm").get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
    except session.client("ssm").exceptions.ParameterNotFound:
        version = 0
    if version < OLDEST_BOOTSTRAP:
        raise UserError(f"The CDK is not set up in account {where.account}, {where.region}: run `make bootstrap` once.")
