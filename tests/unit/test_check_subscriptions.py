"""CheckSubscriptions fails when an address does not get its mail, and mails when no operator is left."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from check_subscriptions import patience
from check_subscriptions.handler import SubscriptionsLostError, handler
from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.errors import ThrottledError
from tests.lambda_context import Context
from tests.resources import topic_with_inbox
from tests.unit.aws_errors import refusal, refuse

OWNER, OPERATOR, SENDER = "owner@example.com", "operator@example.com", "labels@example.com"
# What EventBridge hands over once a day.
DAILY = {"detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}
Inbox = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each pause that was asked for; nobody waits."""
    asked: list[float] = []
    monkeypatch.setattr(patience, "time", SimpleNamespace(sleep=asked.append))
    return asked


def check() -> Any:
    return handler(DAILY, Context(30))


@pytest.fixture
def inbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Inbox:  # noqa: ARG001  # moto is on
    """Subscribe everybody as the template does; return what reads the mail topic's messages."""
    mail, read = topic_with_inbox("mail")
    operators = boto3.client("sns").create_topic(Name="operators")["TopicArn"]
    monkeypatch.setenv("MAIL_TOPIC_ARN", mail)
    monkeypatch.setenv("MAIL_EMAIL", f"{OPERATOR},{OWNER}")
    monkeypatch.setenv("OPERATORS_TOPIC_ARN", operators)
    monkeypatch.setenv("OPERATORS_EMAIL", OPERATOR)
    for topic, address in ((mail, OPERATOR), (mail, OWNER), (operators, OPERATOR)):
        subscribe(topic, address)
    return read


def subscribe(topic: str, address: str) -> None:
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint=address)


def unsubscribe(name: str, address: str) -> None:
    """Do what the link Unsubscribe does in a mail of the topic."""
    sns = boto3.client("sns")
    (topic,) = [one["TopicArn"] for one in sns.list_topics()["Topics"] if one["TopicArn"].endswith(f":{name}")]
    for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        if one["Endpoint"] == address:
            sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])


def pending(**_more: Any) -> None:
    """Let SNS have no ARN yet, as for a subscription that waits for its confirmation."""
    for subscription in _more["parsed"]["Subscriptions"]:
        if subscription["Protocol"] == "email":
            subscription["SubscriptionArn"] = "PendingConfirmation"


def test_nothing_is_said_when_everybody_is_subscribed(inbox: Inbox) -> None:
    assert check() == {"subscribed": 3}
    assert inbox() == []


def test_a_lost_owner_fails_the_check_and_the_alarm_reaches_the_operators(inbox: Inbox) -> None:
    unsubscribe("mail", OWNER)
    with pytest.raises(SubscriptionsLostError, match=f"{OWNER} does not get Mail .*`imagelabels subscribe {OWNER}`"):
        check()
    assert inbox() == [], "the alarm tells"


def test_a_lost_operator_is_told_to_those_who_still_get_mail(inbox: Inbox) -> None:
    """The alarm's own topic reaches nobody; the owners' and the operators' filters of Mail both let it through."""
    unsubscribe("operators", OPERATOR)
    with pytest.raises(SubscriptionsLostError, match=f"{OPERATOR} does not get Operators"):
        check()
    (mail,) = inbox()
    assert mail["Subject"] == "Alarms of Image Labels reach nobody"
    assert f"`imagelabels subscribe {OPERATOR}`" in mail["Message"]
    assert json.loads(mail["MessageAttributes"]["outcome"]["Value"]) == ["FAILED", "LABELLED", "REJECTED"]


def test_another_operator_hears_the_alarm(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two is lost: the alarm is enough."""
    monkeypatch.setenv("OPERATORS_EMAIL", f"gone@example.com,{OPERATOR}")
    with pytest.raises(SubscriptionsLostError, match=r"gone@example.com does not get Operators"):
        check()
    assert inbox() == []


def test_a_second_delivery_of_the_days_event_says_the_same(inbox: Inbox) -> None:
    unsubscribe("operators", OPERATOR)
    for _delivery in range(2):
        with pytest.raises(SubscriptionsLostError):
            check()
    first, second = inbox()
    assert first["Message"] == second["Message"]


@pytest.mark.usefixtures("inbox")
def test_a_subscription_that_nobody_confirmed_is_lost(aws: None) -> None:  # noqa: ARG001  # moto is on
    sns = client("sns")
    sns.meta.events.register("after-call.sns.ListSubscriptionsByTopic", pending)
    with pytest.raises(SubscriptionsLostError, match=f"{OWNER} has not confirmed Mail: follow the link in SNS's mail"):
        check()


def test_an_address_in_another_case_is_the_same(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATORS_EMAIL", "Operator@Example.com")
    monkeypatch.setenv("MAIL_EMAIL", f"{OPERATOR},OWNER@example.com")
    assert check() == {"subscribed": 3}
    assert inbox() == []


@pytest.mark.parametrize(("code", "error"), [("Throttling", ThrottledError), ("AuthorizationError", AccessDeniedError)])
def test_a_check_that_cannot_look_fails(inbox: Inbox, code: str, error: type[Exception]) -> None:
    """The alarm says so, and nobody is told that a subscription is lost."""
    refuse(client("sns"), "ListSubscriptionsByTopic", refusal(code, 403))
    with pytest.raises(error, match="sns:ListSubscriptionsByTopic on arn:aws:sns:us-east-1:123456789012:operators"):
        check()
    assert inbox() == []


def test_a_throttle_is_waited_out(inbox: Inbox, pauses: list[float]) -> None:
    """Nothing else repeats the call before the next day, and botocore does not know SNS's `Throttled`."""
    left = [refusal("Throttled", 429)] * 5

    def throttle(**_details: Any) -> None:
        if left:
            raise left.pop()

    client("sns").meta.events.register_first("before-call.sns.ListSubscriptionsByTopic", throttle)
    assert check() == {"subscribed": 3}
    assert len(pauses) == 5
    assert all(0 <= pause <= most for pause, most in zip(pauses, (1, 2, 4, 8, 16), strict=True))
    assert inbox() == []


@pytest.fixture
def ses(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    """Let the stack mail through SES."""
    for name in ("MAIL_TOPIC_ARN", "MAIL_EMAIL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("REPORT_EMAIL", OWNER)
    monkeypatch.setenv("REPORT_SENDER", SENDER)
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    return inbox


@pytest.mark.usefixtures("ses")
def test_with_ses_only_the_operators_are_subscribed_and_ses_tells_everybody() -> None:
    assert check() == {"subscribed": 1}
    sent: list[dict[str, Any]] = []
    client("sesv2").meta.events.register(
        "provide-client-params.sesv2.SendEmail", lambda params, **_more: sent.append(params)
    )
    unsubscribe("operators", OPERATOR)
    with pytest.raises(SubscriptionsLostError):
        check()
    (request,) = sent
    assert request["Destination"] == {"ToAddresses": [OPERATOR, OWNER]}
    assert request["FromEmailAddress"] == f"Image Labels <{SENDER}>"
    assert f"`imagelabels subscribe {OPERATOR}`" in request["Content"]["Simple"]["Body"]["Text"]["Data"]
