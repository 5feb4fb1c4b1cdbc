"""EventBridge is turned on for a bucket that is there already, and nothing else of it changes."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from imagelabels.deploy.images_bucket import check
from tests.e2e.stack import Stack


@pytest.fixture
def bucket(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket with versions, and with a notification of somebody else."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.outputs["endpoint"])
    s3, name = stack.client("s3"), f"photos-{uuid4()}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    queue = stack.client("sqs").create_queue(QueueName="theirs")["QueueUrl"]
    arn = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    theirs = [{"QueueArn": arn, "Events": ["s3:ObjectRemoved:*"], "Id": "theirs"}]
    s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration={"QueueConfigurations": theirs}, SkipDestinationValidation=True
    )
    yield name
    s3.delete_bucket(Bucket=name)
    stack.client("sqs").delete_queue(QueueUrl=queue)


def notifications(stack: Stack, bucket: str) -> dict[str, Any]:
    found = stack.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    return {name: value for name, value in found.items() if name != "ResponseMetadata"}


def test_turning_events_on_keeps_the_notifications_of_others(stack: Stack, bucket: str) -> None:
    def lines(*, enable_events: bool) -> list[str]:
        settings = {"imagesBucket": bucket, "imagesKeyArn": ""}
        return list(check(stack.session, settings, enable_events=enable_events))

    before = notifications(stack, bucket)
    assert ["--enable-events" in line for line in lines(enable_events=False)] == [True]
    assert notifications(stack, bucket) == before
    assert ["from now on" in line for line in lines(enable_events=True)] == [True]
    assert notifications(stack, bucket) == before | {"EventBridgeConfiguration": {}}
    assert lines(enable_events=False) == []
    assert "already" in lines(enable_events=True)[0]
