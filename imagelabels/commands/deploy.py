"""`imagelabels deploy`."""

from datetime import UTC, datetime
from typing import Annotated

import boto3
import typer

from imagelabels.commands.options import Email, OperatorsEmail, Settings, Stage
from imagelabels.deploy import cdk_cli, images_bucket
from imagelabels.deploy.deployed_stack import find, refuse_unusable
from imagelabels.deploy.plan import planned, refuse_end_of_prod
from imagelabels.deploy.preflight import (
    check_bootstrap,
    check_custom_labels,
    check_definition,
    check_rekognition,
    definitions_of_checkout,
    environment,
)
from imagelabels.deploy.quota import propose
from imagelabels.deploy.sender import ensure_identity
from imagelabels.deploy.settings import given
from imagelabels.deploy.summary import first_upload, summary, unconfirmed
from imagelabels.errors import UserError
from imagelabels.stack import subscriptions
from imagelabels.stack.connection import STACK_NAME, on_aws, shell_session
from imagelabels.terminal.console import note, say


def deploy(
    email: Email = None,
    operators_email: OperatorsEmail = None,
    stage: Stage = None,
    settings: Settings = "",
    *,
    from_prod_to_dev: Annotated[
        bool,
        typer.Option("--from-prod-to-dev", envvar="FROM_PROD_TO_DEV", help="Let a stack of stage prod become dev."),
    ] = False,
    enable_events: Annotated[
        bool,
        typer.Option(
            "--enable-events", envvar="ENABLE_EVENTS", help="Let the bucket of imagesBucket tell EventBridge of photos."
        ),
    ] = False,
) -> None:
    """Deploy the stack on AWS, or update it, and print where everything is.

    Settings that are not given keep their deployed values; each is printed first.
    """
    chosen = given(settings, email=email, operators_email=operators_email, stage=stage)
    session = shell_session()
    target = environment(session)
    check_rekognition(session, target.region)
    check_bootstrap(session, target)
    stack = find(session)
    refuse_unusable(stack)
    if stack is None and "reportEmail" not in chosen:
        raise UserError("Nobody would get the reports: add EMAIL=you@example.com (--email), or SETTINGS=reportEmail=.")
    chosen, quota = propose(session, chosen, stack)
    if quota:
        note(quota)
    plan = planned(chosen, stack)
    for line in plan.lines:
        say(line)
    refuse_end_of_prod(plan, meant=from_prod_to_dev)
    check_custom_labels(plan.values["customLabelsModel"], target.region)
    for line in images_bucket.check(session, plan.values, enable_events=enable_events):
        note(line)
    for unchecked in {check_definition(session, definition) for definition in definitions_of_checkout()} - {""}:
        note(unchecked)
    cdk_cli.run("deploy", STACK_NAME, "--require-approval", "never", *cdk_cli.context(plan.values))
    _say_what_is_left(session, first=stack is None, sender=plan.values["reportSender"])


def _say_what_is_left(session: boto3.Session, *, first: bool, sender: str) -> None:
    """Print where everything is, and what a person must still do."""
    deployed = on_aws(session)
    lines = summary(deployed.outputs, str(session.region_name))
    lines += [unconfirmed(subscription) for subscription in subscriptions.unconfirmed(deployed)]
    # After the deploy: a release that had the identity in the stack has just deleted it.
    lines += [ensure_identity(deployed.client("sesv2"), sender)] if sender else []
    lines += [first_upload(datetime.now(UTC))] if first else []
    for line in lines:
        say(line)
