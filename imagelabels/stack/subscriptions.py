"""Who gets mail from the stack's topics: the subscriptions of the template, and those that SNS has."""

import json
from typing import Any, NamedTuple

from imagelabels.stack.connection import STACK_NAME, Stack
from imagelabels_shared import subscriptions
from imagelabels_shared.subscriptions import confirmed

EMAIL = "email"
REPORTS, FAILURES = "LABELLED", "FAILED"
MAIL, OPERATORS = "Mail", "Operators"


class Subscription(NamedTuple):
    """An e-mail address and the topic (`Mail` or `Operators`) that it gets, all of it or these outcomes of reports."""

    topic: str
    address: str
    outcomes: tuple[str, ...] = ()


def in_template(stack: Stack) -> list[Subscription]:
    """Return the subscriptions of addresses that the deployed template has."""
    client = stack.client("cloudformation")
    template = client.get_template(StackName=STACK_NAME)["TemplateBody"]["Resources"].values()
    pages = client.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    ids = {
        found["LogicalResourceId"]: found.get("PhysicalResourceId")
        for page in pages
        for found in page["StackResourceSummaries"]
    }
    names = {arn: name for name, arn in topics(stack).items()}
    properties = [resource["Properties"] for resource in template if resource["Type"] == "AWS::SNS::Subscription"]
    return [
        Subscription(
            names[ids[one["TopicArn"]["Ref"]]], one["Endpoint"], tuple(one.get("FilterPolicy", {}).get("outcome", ()))
        )
        for one in properties
        if one["Protocol"] == EMAIL
    ]


def topics(stack: Stack) -> dict[str, str]:
    """Return the ARN of each topic by its name."""
    suffix = "TopicArn"
    return {name.removesuffix(suffix): arn for name, arn in stack.outputs.items() if name.endswith(suffix)}


def at_sns(stack: Stack, topic: str) -> dict[str, bool]:
    """Return each endpoint that SNS has for a topic, by its name, and whether it is confirmed."""
    return subscriptions.at_sns(stack.client("sns"), topics(stack)[topic])


def unconfirmed(stack: Stack) -> list[Subscription]:
    """Return the subscriptions of the template that SNS has lost, or that wait for their confirmation."""
    found = {topic: at_sns(stack, topic) for topic in topics(stack)}
    return [one for one in in_template(stack) if not confirmed(one.address, found[one.topic])]


def subscribe(stack: Stack, subscription: Subscription) -> None:
    """Subscribe an address; SNS asks it by mail to confirm, again if it has not yet. Raises botocore's errors."""
    policy = {"FilterPolicy": json.dumps({"outcome": subscription.outcomes})} if subscription.outcomes else {}
    request: dict[str, Any] = {"Protocol": EMAIL, "Endpoint": subscription.address, "Attributes": policy}
    stack.client("sns").subscribe(TopicArn=topics(stack)[subscription.topic], **request)
