"""The stack on AWS: deployed, compared and taken away again with the CDK's command line."""

from pathlib import Path
from typing import Annotated, Any

import boto3
import typer

from imagelabels.deploy import cdk_cli
from imagelabels.deploy.preflight import check_bootstrap, check_rekognition, place
from imagelabels.deploy.settings import parsed
from imagelabels.errors import UserError
from imagelabels.paths import ROOT
from imagelabels.stack.connection import STACK, on_aws, own_session
from imagelabels.terminal.console import say

Email = Annotated[str, typer.Option(envvar="EMAIL", help="Who gets the reports; SNS asks this address to confirm.")]
Operators = Annotated[
    str, typer.Option(envvar="OPERATORS_EMAIL", help="Who hears of alarms; without it the reports' address.")
]
Stage = Annotated[str, typer.Option(envvar="STAGE", help="dev goes away with its data; prod keeps it.")]
Others = Annotated[
    str, typer.Option("--settings", envvar="SETTINGS", help='Other settings: "minConfidence=80 digestSeconds=0".')
]
Assembly = Annotated[
    Path | None, typer.Option(help="A cloud assembly to use; without it the CDK app is synthesized.", exists=True)
]


def bootstrap() -> None:
    """Set up the CDK's own bucket and roles, once per account and region."""
    where = place(own_session())
    # Beside the app, or the CDK would synthesize it first.
    cdk_cli.run("bootstrap", f"aws://{where.account}/{where.region}", folder=ROOT)


def deploy(
    email: Email, operators_email: Operators = "", stage: Stage = "dev", others: Others = "", assembly: Assembly = None
) -> None:
    """Deploy the stack on AWS, or bring it up to date, and say where everything is."""
    settings = parsed(others)
    session = own_session()
    where = place(session)
    check_rekognition(session, where.region)
    check_bootstrap(session, where)
    settings |= {"reportEmail": email, "operatorsEmail": operators_email, "stage": stage}
    cdk_cli.run("deploy", STACK, "--require-approval", "never", *_context(settings), *_source(assembly))
    _say(on_aws(session).outputs, where.region, settings.get("reportSender", email))


def diff(
    email: Email, operators_email: Operators = "", stage: Stage = "dev", others: Others = "", assembly: Assembly = None
) -> None:
    """Show what a deploy with the same settings would change."""
    settings = parsed(others) | {"reportEmail": email, "operatorsEmail": operators_email, "stage": stage}
    place(own_session())
    cdk_cli.run("diff", STACK, *_context(settings), *_source(assembly))


def destroy(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    assembly: Assembly = None,
) -> None:
    """Take the stack away with all photos, labels and records; a stack of stage prod refuses."""
    session = own_session()
    where = place(session)
    on_aws(session)
    _refuse_when_protected(session)
    buckets = _buckets(session)
    question = f"Delete the stack {STACK} in account {where.account}, {where.region}, with every photo and label?"
    if not yes and not typer.confirm(question):
        raise UserError("Nothing was deleted.")
    for bucket in buckets:
        # All versions, or CloudFormation cannot delete the bucket.
        session.resource("s3").Bucket(bucket).object_versions.delete()
    cdk_cli.run("destroy", STACK, "--force", *_source(assembly))
    sentence = f"Deleted. Only the CDK's own bucket and roles are left in {where.region}, for the next deploy."
    say(sentence)


def _context(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("--context", f"{name}={value}")]


def _source(assembly: Path | None) -> list[str]:
    return ["--app", str(assembly.resolve())] if assembly else []


def _refuse_when_protected(session: boto3.Session) -> None:
    (stack,) = session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    if stack.get("EnableTerminationProtection"):
        raise UserError(f"{STACK} is protected, as stage prod is: docs/runbook.md, section Destroy, says what to do.")


def _buckets(session: boto3.Session) -> list[str]:
    pages = session.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
    found: list[Any] = [one for page in pages for one in page["StackResourceSummaries"]]
    return [one["PhysicalResourceId"] for one in found if one["ResourceType"] == "AWS::S3::Bucket"]


def _say(outputs: dict[str, str], region: str, asked: str) -> None:
    console = f"https://{region}.console.aws.amazon.com"
    machine = f"{console}/states/home?region={region}#/statemachines/view/{outputs['StateMachineArn']}"
    dashboard = f"{console}/cloudwatch/home?region={region}#dashboards/dashboard/{outputs['DashboardName']}"
    lines = [
        f"Upload photos to:  s3://{outputs['ImagesBucketName']}",
        f"State machine:     {machine}",
        f"Dashboard:         {dashboard}",
        f"Reports:           confirm what AWS asks in the inbox of {asked}, or nobody gets them",
    ]
    for line in lines:
        say(line)
