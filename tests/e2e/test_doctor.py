"""`doctor` through the real entry point: a healthy stack, and one thing wrong at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import answer, imagelabels
from tests.e2e.stack import Stack


def test_a_healthy_stack_is_well_and_nothing_is_left_of_the_test_photo(stack: Stack, home: Path) -> None:
    findings = answer(home, "doctor")
    assert [finding["check"] for finding in findings if not finding["well"]] == []
    assert {"bucket", "rule", "subscriptions", "test photo", "queues"} <= {finding["check"] for finding in findings}
    left = stack.client("s3").list_object_versions(Bucket=stack.bucket, Prefix="imagelabels-doctor/")
    assert "Versions" not in left
    assert "DeleteMarkers" not in left
    items = stack.client("dynamodb").scan(
        TableName=stack.outputs["LabelsTableName"],
        FilterExpression="begins_with(object_key, :folder) AND #record < :runs",
        ExpressionAttributeNames={"#record": "record"},
        ExpressionAttributeValues={":folder": {"S": "imagelabels-doctor/"}, ":runs": {"S": "RUN#"}},
    )
    assert items["Items"] == []


@pytest.fixture
def _rule_off(stack: Stack) -> Iterator[None]:
    events = stack.client("events")
    (rule,) = events.list_rule_names_by_target(TargetArn=stack.outputs["StateMachineArn"])["RuleNames"]
    events.disable_rule(Name=rule)
    yield
    events.enable_rule(Name=rule)


@pytest.mark.usefixtures("_rule_off")
def test_a_disabled_rule_is_found_twice(home: Path) -> None:
    """By its state, and by the test photo that starts nothing."""
    done = imagelabels(home, "doctor", "--deadline", "2")
    assert "WRONG rule: " in done.stdout
    assert "aws events enable-rule" in done.stdout
    assert "WRONG test photo: No execution was started" in done.stdout
    assert "2 of " in done.stderr
    assert done.returncode == 1


@pytest.fixture
def _silent_and_undelivered(stack: Stack) -> Iterator[None]:
    """The bucket sends no events to EventBridge, and an event could not be delivered."""
    s3, sqs, queue = stack.client("s3"), stack.client("sqs"), stack.outputs["UndeliveredEventsQueueUrl"]
    before: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=stack.bucket, NotificationConfiguration={})
    sqs.send_message(QueueUrl=queue, MessageBody="{}")
    yield
    s3.put_bucket_notification_configuration(Bucket=stack.bucket, NotificationConfiguration=before)
    sqs.purge_queue(QueueUrl=queue)


@pytest.mark.usefixtures("_silent_and_undelivered")
def test_a_silent_bucket_and_an_undelivered_event_are_found(home: Path) -> None:
    done = imagelabels(home, "doctor", "--no-photo")
    assert "WRONG bucket: " in done.stdout
    assert "WRONG queues: UndeliveredEventsQueue holds 1 message" in done.stdout
    assert done.returncode == 1


@pytest.fixture
def _unsubscribed(stack: Stack) -> Iterator[None]:
    """Somebody followed the link Unsubscribe in a mail of SNS."""
    sns, topic = stack.client("sns"), stack.outputs["OperatorsTopicArn"]
    (only,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    sns.unsubscribe(SubscriptionArn=only["SubscriptionArn"])
    yield
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=only["Endpoint"])


@pytest.mark.usefixtures("_unsubscribed")
def test_a_subscription_that_sns_has_deleted_is_found_and_repeated(home: Path) -> None:
    done = imagelabels(home, "doctor", "--no-photo")
    assert "WRONG subscriptions: you@example.com does not get Operators any more" in done.stdout
    assert done.returncode == 1
    assert "you@example.com gets Operators" in imagelabels(home, "subscribe", "you@example.com").stdout
    assert "you@example.com gets Operators" in imagelabels(home, "doctor", "--no-photo").stdout


def test_one_more_address_gets_what_the_others_get(stack: Stack, home: Path) -> None:
    done = imagelabels(home, "subscribe", "more@example.com")
    assert "more@example.com gets Mail" in done.stdout
    assert "add it to reportEmail" in done.stderr
    sns, topic = stack.client("sns"), stack.outputs["MailTopicArn"]
    (arn,) = [
        one["SubscriptionArn"]
        for one in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        if one["Endpoint"] == "more@example.com"
    ]
    policy = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["FilterPolicy"]
    sns.unsubscribe(SubscriptionArn=arn)
    assert json.loads(policy) == {"outcome": ["FAILED", "LABELLED", "REJECTED"]}
