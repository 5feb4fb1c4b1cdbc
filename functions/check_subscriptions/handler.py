"""CheckSubscriptions: once a day, compare the addresses of the settings with the subscriptions that SNS has.

It fails when an address does not get its topic's mail, and the alarm on its errors tells the operators.
"""

from typing import Any, NamedTuple

from check_subscriptions.environment import MailTopic, OperatorsTopic
from check_subscriptions.mail import tell
from check_subscriptions.patience import patiently
from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.observability import logged, logger
from imagelabels_shared.subscriptions import advice, at_sns, confirmed


class SubscriptionsLostError(Exception):
    """An address of the settings does not get its mail. Nothing invokes the function again before the next day."""


class Topic(NamedTuple):
    """A topic by its name in the settings and in `imagelabels doctor`, and the addresses that should get it."""

    name: str
    arn: str
    addresses: tuple[str, ...]


@logged
def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """Return how many subscriptions are well; raises SubscriptionsLostError, or what `aws_call` raises."""
    operators, *others = _topics()
    states = {topic: _states(topic) for topic in (operators, *others)}
    lost = [
        advice(address, topic.name, pending=state is False)
        for topic, found in states.items()
        for address, state in found.items()
        if not state
    ]
    for sentence in lost:
        logger().error(sentence)
    if lost and not any(states[operators].values()):
        # The alarm reaches nobody.
        patiently(lambda: tell(lost))
    if lost:
        raise SubscriptionsLostError(". ".join(lost))
    logger().info("Every address is subscribed")
    return {"subscribed": sum(len(found) for found in states.values())}


def _topics() -> list[Topic]:
    environment = OperatorsTopic.from_environ()
    topics = [_topic("Operators", environment.operators_topic_arn, environment.operators_email)]
    if MailTopic.is_set():
        mail = MailTopic.from_environ()
        topics.append(_topic("Mail", mail.mail_topic_arn, mail.mail_email))
    return topics


def _topic(name: str, arn: str, addresses: str) -> Topic:
    return Topic(name, arn, tuple(addresses.split(",")))


def _states(topic: Topic) -> dict[str, bool | None]:
    """Return whether each address has confirmed; None when SNS does not have it."""
    found = patiently(lambda: _found(topic.arn))
    return {address: confirmed(address, found) for address in topic.addresses}


def _found(topic: str) -> dict[str, bool]:
    with aws_call("sns:ListSubscriptionsByTopic", topic):
        return at_sns(client("sns"), topic)
