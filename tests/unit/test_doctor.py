"""What `imagelabels doctor` says of a stack that is too new for S3's events, and of subscriptions."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import Stubber

from imagelabels.operations.doctor.messages import subscriptions
from imagelabels.operations.doctor.trial_photo import photo_through
from imagelabels.stack import photos
from imagelabels.stack.connection import STACK_NAME, Stack
from tests import resources


@pytest.fixture
def cloudformation(aws: None) -> Iterator[Stubber]:  # noqa: ARG001  # moto is on, which has no CloudFormation here
    with Stubber(boto3.client("cloudformation")) as stubber:
        yield stubber


def stack_with(cloudformation: Stubber, **outputs: str) -> Stack:
    stack = Stack(boto3.DEFAULT_SESSION or boto3.Session(), outputs)
    stack._clients["cloudformation"] = cloudformation.client  # noqa: SLF001  # the client that answers here
    return stack


def test_a_photo_that_starts_nothing_in_a_new_stack_may_only_be_too_early(cloudformation: Stubber) -> None:
    resources.create()
    new = {"StackName": STACK_NAME, "CreationTime": datetime.now(UTC), "StackStatus": "CREATE_COMPLETE"}
    cloudformation.add_response("describe_stacks", {"Stacks": [new]})
    stack = stack_with(cloudformation, ImagesBucketName=resources.IMAGES, LabelsTableName=resources.LABELS)
    (result,) = photo_through(stack, deadline=0)
    assert not result.well
    assert "No execution was started within 0 s of an upload. The stack is new, and S3 may need until " in result.says
    assert "`imagelabels reconcile --fix`" in result.says
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=resources.IMAGES)


def test_a_test_photo_leaves_its_runs_alone(cloudformation: Stubber) -> None:
    """Its image, labels, colours and quality are removed, so that no search finds it."""
    resources.create()
    stack = stack_with(cloudformation, ImagesBucketName=resources.IMAGES, LabelsTableName=resources.LABELS)
    table = boto3.resource("dynamodb").Table(resources.LABELS)
    for record in ("IMAGE", "LABEL#Cat", "PROPERTY#colour:red", "RUN#2026-11-25T12:00:00Z#first"):
        table.put_item(Item={"image_id": f"{resources.IMAGES}/doctor.png", "record": record})
    photos.remove(stack, "doctor.png")
    assert [item["record"] for item in table.scan()["Items"]] == ["RUN#2026-11-25T12:00:00Z#first"]


def test_an_address_that_sns_writes_in_another_case_is_not_missed(cloudformation: Stubber) -> None:
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="operators")["TopicArn"]
    wanted = {"Protocol": "email", "Endpoint": "You@Example.com", "TopicArn": {"Ref": "Operators"}}
    template = {"Resources": {"You": {"Type": "AWS::SNS::Subscription", "Properties": wanted}}}
    operators = {
        "LogicalResourceId": "Operators",
        "PhysicalResourceId": topic,
        "ResourceType": "AWS::SNS::Topic",
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": datetime.now(UTC),
    }
    stack = stack_with(cloudformation, OperatorsTopicArn=topic)
    for well in (False, True):
        cloudformation.add_response("get_template", {"TemplateBody": json.dumps(template)})
        cloudformation.add_response("list_stack_resources", {"StackResourceSummaries": [operators]})
        assert [result.well for result in subscriptions(stack)] == [well]
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="you@example.com")
