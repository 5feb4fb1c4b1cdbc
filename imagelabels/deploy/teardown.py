"""What must be done before CloudFormation can delete the stack. Each part may have been done before: it is skipped."""

from collections.abc import Iterable
from typing import NamedTuple

import boto3

from imagelabels.deploy.deployed_stack import NEVER_COMPLETE, DeployedStack
from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME

BUCKET, TABLE, QUEUE = "AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SQS::Queue"
RULE, MACHINE = "AWS::Events::Rule", "AWS::StepFunctions::StateMachine"
RETAINING = {"Retain", "RetainExceptOnCreate"}
STOPPED = {"error": "Stopped", "cause": "The stack is being destroyed."}


class Resource(NamedTuple):
    """A resource of the stack: its type, its id in AWS, and whether it stays when the stack is deleted."""

    kind: str
    id: str
    stays: bool


def resources(session: boto3.Session) -> list[Resource]:
    """Return the stack's resources that CloudFormation has not deleted; it lists those that it has, too."""
    client = session.client("cloudformation")
    template = client.get_template(StackName=STACK_NAME)["TemplateBody"]["Resources"]
    pages = client.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    return [
        Resource(
            found["ResourceType"],
            found["PhysicalResourceId"],
            template.get(found["LogicalResourceId"], {}).get("DeletionPolicy") in RETAINING,
        )
        for page in pages
        for found in page["StackResourceSummaries"]
        if found.get("PhysicalResourceId") and found["ResourceStatus"] != "DELETE_COMPLETE"
    ]


def ids(found: Iterable[Resource], *kinds: str, stays: bool | None = None) -> list[str]:
    """Return the ids of resources of these types; of those that stay, or do not, when `stays` says so."""
    return [one.id for one in found if one.kind in kinds and stays in {None, one.stays}]


def refuse_when_protected(stack: DeployedStack) -> None:
    """Raise UserError when the stack has termination protection; one that was never complete holds no data."""
    if stack.protected and stack.status not in NEVER_COMPLETE:
        raise UserError(
            f"{STACK_NAME} is protected, as stage prod is: docs/runbook.md, section Destroy, says what to do."
        )


def disable_rules(session: boto3.Session, rules: list[str]) -> None:
    """Disable the rules, so that deleting photos starts nothing."""
    events = session.client("events")
    for rule in rules:
        try:
            events.disable_rule(Name=rule)
        except events.exceptions.ResourceNotFoundException:
            continue


def running(session: boto3.Session, machines: list[str]) -> list[str]:
    """Return the ARNs of running executions."""
    states = session.client("stepfunctions")
    found = []
    for machine in machines:
        try:
            pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
            found += [execution["executionArn"] for page in pages for execution in page["executions"]]
        except states.exceptions.StateMachineDoesNotExist:
            continue
    return found


def stop(session: boto3.Session, executions: list[str]) -> None:
    states = session.client("stepfunctions")
    for execution in executions:
        states.stop_execution(executionArn=execution, **STOPPED)


def end_protection(session: boto3.Session) -> None:
    """End the termination protection of a stack that was never complete: even its rollback does not."""
    session.client("cloudformation").update_termination_protection(
        StackName=STACK_NAME, EnableTerminationProtection=False
    )


def delete_unused(session: boto3.Session, tables: list[str]) -> None:
    """Delete the tables of a stack that was never complete: they are protected, so DynamoDB refused the rollback."""
    dynamodb = session.client("dynamodb")
    for table in tables:
        try:
            dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
            dynamodb.delete_table(TableName=table)
        except dynamodb.exceptions.ResourceNotFoundException:
            continue
