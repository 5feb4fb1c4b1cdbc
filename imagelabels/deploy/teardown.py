"""What must be done before the CDK can delete the stack."""

from typing import Any

import boto3

from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME


def refuse_when_protected(session: boto3.Session) -> None:
    """Raise UserError when the stack has termination protection."""
    (stack,) = session.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
    if stack.get("EnableTerminationProtection"):
        raise UserError(
            f"{STACK_NAME} is protected, as stage prod is: docs/runbook.md, section Destroy, says what to do."
        )


def empty_buckets(session: boto3.Session) -> None:
    """Delete every version of every object in the stack's buckets; CloudFormation deletes only empty buckets."""
    pages = session.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    resources: list[Any] = [resource for page in pages for resource in page["StackResourceSummaries"]]
    for resource in resources:
        if resource["ResourceType"] == "AWS::S3::Bucket":
            session.resource("s3").Bucket(resource["PhysicalResourceId"]).object_versions.delete()
