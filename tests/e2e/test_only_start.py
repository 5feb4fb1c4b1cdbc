"""As an identity that may start executions and nothing else: forged inputs change nothing of another photo."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given

from tests.e2e.stack import Stack, eventually
from tests.forgery import FIFTY, FORMS, MARK, inputs, name

VICTIM = "victim of forgers.png"
MINUTES = 300


@pytest.fixture(scope="module")
def forger(stack: Stack) -> dict[str, str]:
    """Make an identity that may start executions of the stack's state machine."""
    iam = stack.client("iam")
    iam.create_user(UserName="forger")
    start = {"Effect": "Allow", "Action": "states:StartExecution", "Resource": stack.outputs["StateMachineArn"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": [start]})
    iam.put_user_policy(UserName="forger", PolicyName="start", PolicyDocument=document)
    key = iam.create_access_key(UserName="forger")["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


@pytest.fixture(scope="module")
def victim(stack: Stack, at_once: None, astronaut: bytes) -> dict[str, str]:  # noqa: ARG001  # the fixture's effect
    """Upload a photo, and wait until its story is told."""
    execution = stack.upload(VICTIM, astronaut)["executionArn"]
    stack.wait_for_mail()
    eventually(lambda: [record for record in stack.items(VICTIM) if record.startswith("RUN#")] or None)
    version = stack.items(VICTIM)["IMAGE"]["version"]["S"]
    return {"bucket": stack.bucket, "key": VICTIM, "versionId": version, "execution": execution}


def test_fifty_forged_inputs_change_nothing_of_a_photo_and_tell_people_nothing(
    stack: Stack, forger: dict[str, str], victim: dict[str, str]
) -> None:
    """Of each run there is one item, under its own execution; the mails about them are the stack's own words."""
    items, mails = stack.items(VICTIM), {mail["Message-ID"] for mail in stack.inbox()}
    states, arns = stack.client("stepfunctions", **forger), set()

    @FIFTY
    @given(inputs(victim), FORMS)
    def forge(forged: Any, form: str) -> None:
        started = states.start_execution(
            stateMachineArn=stack.outputs["StateMachineArn"], name=name(form), input=json.dumps(forged)
        )
        arns.add(started["executionArn"])

    forge()
    eventually(lambda: all(_ended(stack, arn) for arn in arns) or None, MINUTES)
    told = eventually(lambda: found if len(found := _told(stack, arns)) >= len(arns) else None, MINUTES)
    stack.wait_for_mail(MINUTES)
    eventually(lambda: all(_empty(stack, queue) for queue in ("AuditQueueUrl", "RemovalQueueUrl")) or None, MINUTES)
    assert len(arns) == 50
    assert sorted(item["image_id"]["S"] for item in told) == sorted(arns)
    assert stack.items(VICTIM) == items
    assert MARK not in json.dumps(told)
    assert _claimed(stack, arns) == []
    for mail in [mail for mail in stack.inbox() if mail["Message-ID"] not in mails]:
        said = f"{mail['Subject']}\n{mail.get_content()}"
        assert MARK not in said
        assert VICTIM not in said


def _ended(stack: Stack, arn: str) -> bool:
    return bool(stack.describe(arn)["status"] != "RUNNING")


def _empty(stack: Stack, queue: str) -> bool:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=names)["Attributes"]
    return {found[name] for name in names} == {"0"}


def _told(stack: Stack, arns: set[str]) -> list[dict[str, Any]]:
    """Return the items of these runs, whatever they are told under."""
    return [item for item in _scanned(stack, "LabelsTableName") if item.get("execution", {}).get("S") in arns]


def _claimed(stack: Stack, arns: set[str]) -> list[dict[str, Any]]:
    return [item for item in _scanned(stack, "ClaimsTableName") if item.get("execution", {}).get("S") in arns]


def _scanned(stack: Stack, output: str) -> Iterator[dict[str, Any]]:
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs[output])
    return (item for page in pages for item in page["Items"])


@pytest.mark.parametrize(
    ("service", "operation", "request_of"),
    [
        ("s3", "put_object", {"Bucket": "ImagesBucketName", "Key": "", "Body": ""}),
        ("sqs", "send_message", {"QueueUrl": "AuditQueueUrl", "MessageBody": ""}),
        ("sqs", "send_message", {"QueueUrl": "RemovalQueueUrl", "MessageBody": ""}),
        ("sqs", "send_message", {"QueueUrl": "ReportsQueueUrl", "MessageBody": ""}),
        ("sns", "publish", {"TopicArn": "ReportsTopicArn", "Message": ""}),
        ("stepfunctions", "list_executions", {"stateMachineArn": "StateMachineArn"}),
    ],
)
def test_the_forger_may_do_nothing_else(
    stack: Stack, forger: dict[str, str], service: str, operation: str, request_of: dict[str, str]
) -> None:
    wanted = {field: stack.outputs.get(value, "x") for field, value in request_of.items()}
    with pytest.raises(ClientError, match=r"AccessDenied|AuthorizationError"):
        getattr(stack.client(service, **forger), operation)(**wanted)
