"""The daily check of the subscriptions on the local stack: what it tells, and that its role may do no more."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.stack import Stack
from tests.e2e.test_least_privilege import LOGS, permissions, taken_away

FUNCTION, SUBJECT = "CheckSubscriptions", "Alarms of Image Labels reach nobody"


@contextmanager
def no_operator(stack: Stack) -> Iterator[None]:
    """Let the operators' address be unsubscribed from the alarms."""
    sns, topic = stack.client("sns"), stack.outputs["OperatorsTopicArn"]
    (only,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    sns.unsubscribe(SubscriptionArn=only["SubscriptionArn"])
    try:
        yield
    finally:
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=only["Endpoint"])


def scheduled(stack: Stack) -> str:
    """Return the name of the function that the daily rule invokes."""
    events = stack.client("events")
    (rule,) = [one for one in events.list_rules()["Rules"] if one.get("ScheduleExpression") == "rate(1 day)"]
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    return str(target["Arn"]).rsplit(":", 1)[-1]


def check(stack: Stack) -> dict[str, Any]:
    """Invoke the function as the rule does; return its answer, or its error."""
    answer = stack.client("lambda").invoke(FunctionName=scheduled(stack), Payload=b'{"source": "aws.events"}')
    return dict(json.loads(answer["Payload"].read()))


def told(stack: Stack) -> list[str]:
    return [mail.get_content() for mail in stack.inbox() if mail["Subject"] == SUBJECT]


def test_a_lost_subscription_of_the_operators_is_told_by_mail(stack: Stack) -> None:
    assert check(stack) == {"subscribed": 2}
    before = len(told(stack))
    with no_operator(stack):
        error = check(stack)
    assert error["errorType"] == "SubscriptionsLostError"
    assert "you@example.com does not get Operators any more" in error["errorMessage"]
    (mail,) = told(stack)[before:]
    assert "`imagelabels subscribe you@example.com`" in mail


def test_every_permission_of_the_check_is_necessary(stack: Stack) -> None:
    asked = [one for one in permissions(stack, {FUNCTION}) if not one.action.startswith(LOGS)]
    assert sorted(one.action for one in asked) == ["sns:ListSubscriptionsByTopic"] * 2 + ["sns:Publish"]
    for permission in asked:
        with no_operator(stack), taken_away(stack, permission):
            error = check(stack)
        assert error["errorType"] == "AccessDeniedError"
        assert f"{permission.action} on {permission.resource}" in error["errorMessage"]
    assert check(stack) == {"subscribed": 2}, "the role is whole again"
