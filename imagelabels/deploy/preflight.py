"""What must be there before a deploy; what is missing is one sentence."""

import re
from typing import NamedTuple

import boto3
from botocore.exceptions import ClientError

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
    there = session.get_available_regions("rekognition", partition)
    if region in there:
        return
    if there:
        raise UserError(f"Amazon Rekognition is not in {region}; set AWS_REGION to one of {', '.join(there)}.")
    others = {
        other: session.get_available_regions("rekognition", other) for other in session.get_available_partitions()
    }
    places = "; ".join(f"{other}: {', '.join(regions)}" for other, regions in others.items() if regions)
    raise UserError(
        f"Amazon Rekognition is in no region of the partition {partition}, to which {region} belongs. "
        f"With an account of another partition, it is in {places}."
    )


def check_custom_labels(model: str, region: str) -> None:
    """Raise UserError when a Custom Labels model (an ARN, or nothing) is in another region than the stack."""
    if model and (place := model.split(":")[3]) != region:
        raise UserError(
            f"customLabelsModel is in {place}, and the stack in {region}: a model looks at photos of its own region "
            f"alone. Copy it with `aws rekognition copy-project-version`, or set AWS_REGION={place}."
        )


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


def definitions_of_checkout() -> list[str]:
    """Return the definitions that a deploy puts into the template, with `${names}` for what the stack knows."""
    # Only here: the CDK app is in a checkout, not in the installed package.
    from infra.definition import FILE, LIBRARY_FILE, definition_json  # noqa: PLC0415  # see above

    return [definition_json(file) for file in (FILE, LIBRARY_FILE)]


def check_definition(session: boto3.Session, definition: str) -> str:
    """Let Step Functions check the definition of the workflow; raises UserError with the errors that it finds.

    Return a sentence when the check could not be made, else "". `definition` has `${names}` in the place of ARNs.
    """
    client = session.client("stepfunctions")
    if not re.search(r"\.amazonaws\.|\.aws$", str(client.meta.endpoint_url)):
        return "The definition was not checked by Step Functions: this is not AWS."
    try:
        answer = client.validate_state_machine_definition(definition=_with_arns(definition, session), type="STANDARD")
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return "The definition was not checked: you have no permission states:ValidateStateMachineDefinition."
    errors = [found for found in answer["diagnostics"] if found["severity"] == "ERROR"]
    if errors:
        reasons = "; ".join(f"{found['message']} ({found.get('location', found['code'])})" for found in errors)
        raise UserError(f"Step Functions refuses the definition of the workflow: {reasons}")
    return ""


def _with_arns(definition: str, session: boto3.Session) -> str:
    """Return the definition with names that look like the deployed ones: the deploy alone knows those."""
    region = str(session.region_name)
    partition = session.get_partition_for_region(region)
    known = {"Partition": partition, "Region": region}

    def value(found: re.Match[str]) -> str:
        name = found[1].removeprefix("AWS::")
        if name.endswith("Url"):
            return f"https://sqs.{region}.amazonaws.com/123456789012/{name}"
        return known.get(name, f"arn:{partition}:lambda:{region}:123456789012:function:{name}")

    return re.sub(r"\$\{([\w:]+)\}", value, definition)
