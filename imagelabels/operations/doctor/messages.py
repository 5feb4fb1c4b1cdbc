"""Do messages arrive? Subscriptions that nobody confirmed, letters that nobody could deliver."""

from typing import Any

from imagelabels.operations.doctor.check_result import Finding
from imagelabels.stack.pipeline import Pipeline

PENDING = "PendingConfirmation"
# Queues whose messages are somebody's trouble; the others are worked through.
TROUBLE = ("DeadLetter", "Undelivered")


def subscriptions(pipeline: Pipeline) -> list[Finding]:
    """Check that everybody who is to get reports has confirmed it."""
    sns = pipeline.connection.client("sns")
    topics = {name: value for name, value in pipeline.connection.outputs.items() if name.endswith("TopicArn")}
    return [finding for name, arn in topics.items() for finding in _topic(sns, name.removesuffix("TopicArn"), arn)]


def _topic(sns: Any, name: str, arn: str) -> list[Finding]:
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
    every = [one for page in pages for one in page["Subscriptions"]]
    if not every:
        return [Finding("subscriptions", f"{name} has no subscribers: nobody is told", well=True)]
    return [_subscription(name, one) for one in every]


def _subscription(name: str, one: dict[str, str]) -> Finding:
    who, well = one["Endpoint"], one["SubscriptionArn"] != PENDING
    says = f"{who} gets {name}" if well else f"{who} has not confirmed {name}: follow the link in SNS's mail"
    return Finding("subscriptions", says, well=well)


def queues(pipeline: Pipeline) -> list[Finding]:
    """Check that no message is stuck, and that each queue's functions work."""
    sqs, functions = pipeline.connection.client("sqs"), pipeline.connection.client("lambda")
    urls = {name: value for name, value in pipeline.connection.outputs.items() if name.endswith("QueueUrl")}
    return [_queue(sqs, functions, name.removesuffix("Url"), url) for name, url in urls.items()]


def _queue(sqs: Any, functions: Any, name: str, url: str) -> Finding:
    wanted = ["ApproximateNumberOfMessages", "QueueArn"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
    waiting = int(found["ApproximateNumberOfMessages"])
    if any(word in name for word in TROUBLE):
        says = f"{name} is empty" if not waiting else f"{name} holds {waiting} message(s): look into them ({url})"
        return Finding("queues", says, well=not waiting)
    stopped = _stopped(functions, found["QueueArn"])
    if stopped:
        return Finding("queues", f"{name} is not worked through: {stopped}", well=False)
    return Finding("queues", f"{name} holds {waiting} message(s)", well=True)


def _stopped(functions: Any, queue: str) -> str:
    """Return what keeps a function from working through the queue, "" when nothing does or none is meant to."""
    mappings = functions.list_event_source_mappings(EventSourceArn=queue)["EventSourceMappings"]
    broken = [one for one in mappings if one.get("State", "Enabled") not in {"Enabled", "Enabling", "Updating"}]
    return ", ".join(f"{one['FunctionArn']} is {one['State']}" for one in broken)
