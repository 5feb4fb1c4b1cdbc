"""Checks that messages arrive: confirmed subscriptions, empty dead-letter queues, functions that read their queues."""

from typing import Any

from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.stack.connection import Stack
from imagelabels.stack.subscriptions import MAIL, Subscription, at_sns, in_template, topics
from imagelabels.words import counted
from imagelabels_shared.subscriptions import advice, confirmed

# Queues in which any message is a problem; those without these words in their names are read by functions.
DEAD_LETTERS = ("DeadLetter", "Undelivered")


def subscriptions(stack: Stack) -> list[CheckResult]:
    """Check that each topic has the subscribers of the template, and that they have confirmed."""
    expected = in_template(stack)
    return [result for topic in topics(stack) for result in _topic(stack, topic, expected)]


def _topic(stack: Stack, topic: str, expected: list[Subscription]) -> list[CheckResult]:
    found = at_sns(stack, topic)
    missing = [one.address for one in expected if one.topic == topic and confirmed(one.address, found) is None]
    lost = [CheckResult("subscriptions", advice(address, topic, pending=False), well=False) for address in missing]
    if not found and not lost:
        by_ses = topic == MAIL and stack.setting("reportSender")
        says = "the mail goes through SES" if by_ses else f"{topic} has no subscribers, as the settings say"
        return [CheckResult("subscriptions", says, well=True)]
    return lost + [_subscription(topic, who, well=well) for who, well in found.items()]


def _subscription(topic: str, who: str, *, well: bool) -> CheckResult:
    says = f"{who} gets {topic}" if well else advice(who, topic, pending=True)
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
        look = f": look into {'it' if waiting == 1 else 'them'} ({url})" if waiting else ""
        return CheckResult("queues", _holds(name, waiting) + look, well=not waiting)
    stopped = _stopped(functions, found["QueueArn"])
    if stopped:
        return CheckResult("queues", f"{name} is not worked through: {stopped}", well=False)
    return CheckResult("queues", _holds(name, waiting), well=True)


def _holds(name: str, waiting: int) -> str:
    return f"{name} holds {counted(waiting, 'message')}" if waiting else f"{name} is empty"


def _stopped(functions: Any, queue: str) -> str:
    """Return which event source mappings of the queue are not enabled, "" when all are or there are none."""
    mappings = functions.list_event_source_mappings(EventSourceArn=queue)["EventSourceMappings"]
    stopped = [found for found in mappings if found.get("State", "Enabled") not in {"Enabled", "Enabling", "Updating"}]
    return ", ".join(f"{mapping['FunctionArn']} is {mapping['State']}" for mapping in stopped)
