"""Checks that messages arrive: confirmed subscriptions, empty dead-letter queues, functions that read their queues."""

from typing import Any

from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.stack.connection import Stack

PENDING = "PendingConfirmation"
# Queues in which any message is a problem; those without these words in their names are read by functions.
DEAD_LETTERS = ("DeadLetter", "Undelivered")


def subscriptions(stack: Stack) -> list[CheckResult]:
    """Check that every subscriber of a topic has confirmed the subscription."""
    sns = stack.client("sns")
    topics = {name: value for name, value in stack.outputs.items() if name.endswith("TopicArn")}
    return [result for name, arn in topics.items() for result in _topic(sns, name.removesuffix("TopicArn"), arn)]


def _topic(sns: Any, name: str, arn: str) -> list[CheckResult]:
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
    found = [subscription for page in pages for subscription in page["Subscriptions"]]
    if not found:
        return [CheckResult("subscriptions", f"{name} has no subscribers: nobody is told", well=True)]
    return [_subscription(name, subscription) for subscription in found]


def _subscription(name: str, subscription: dict[str, str]) -> CheckResult:
    who, well = subscription["Endpoint"], subscription["SubscriptionArn"] != PENDING
    says = f"{who} gets {name}" if well else f"{who} has not confirmed {name}: follow the link in SNS's mail"
    return CheckResult("subscriptions", says, well=well)


def queues(stack: Stack) -> list[CheckResult]:
    """Check that dead-letter queues are empty, and that functions read the other queues."""
    sqs, functions = stack.client("sqs"), stack.client("lambda")
    urls = {name: value for name, value in stack.outputs.items() if name.endswith("QueueUrl")}
    return [_queue(sqs, functions, name.removesuffix("Url"), url) for name, url in urls.items()]


def _queue(sqs: Any, functions: Any, name: str, url: str) -> CheckResult:
    wanted = ["ApproximateNumberOfMessages", "QueueArn"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
    waiting = int(found["ApproximateNumberOfMessages"])
    if any(word in name for word in DEAD_LETTERS):
        says = f"{name} is empty" if not waiting else f"{name} holds {waiting} message(s): look into them ({url})"
        return CheckResult("queues", says, well=not waiting)
    stopped = _stopped(functions, found["QueueArn"])
    if stopped:
        return CheckResult("queues", f"{name} is not worked through: {stopped}", well=False)
    return CheckResult("queues", f"{name} holds {waiting} message(s)", well=True)


def _stopped(functions: Any, queue: str) -> str:
    """Return which event source mappings of the queue are not enabled, "" when all are or there are none."""
    mappings = functions.list_event_source_mappings(EventSourceArn=queue)["EventSourceMappings"]
    stopped = [found for found in mappings if found.get("State", "Enabled") not in {"Enabled", "Enabling", "Updating"}]
    return ", ".join(f"{mapping['FunctionArn']} is {mapping['State']}" for mapping in stopped)
