"""Each permission of a function that SQS invokes is necessary: without it, one of its messages comes back.

The test invokes the functions with messages of its own, so that nothing has to be waited for.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.stack import Stack, eventually
from tests.e2e.test_least_privilege import LOGS, STALE, permissions, picture, taken_away
from tests.mails.examples import detection, label, report
from tests.mails.examples import image as reported
from tests.order.world import batch

KEPT, GONE = "privilege/kept.png", "privilege/gone.png"
Message = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def messages(stack: Stack) -> Iterator[dict[str, list[Message]]]:
    """Return each function's messages with their attributes, once the photos that they are about are there."""
    labelled = stack.upload(KEPT, picture("PNG", 96))
    version = stack.client("s3").head_object(Bucket=stack.bucket, Key=KEPT)["VersionId"]
    photo = {"bucket": stack.bucket, "key": KEPT, "versionId": version}
    record = {"schema": 1, "execution": labelled["executionArn"], "outcome": "LABELLED", "image": photo, "labels": []}
    times = {"startedAt": "2026-11-22T17:04:05.000Z", "recordedAt": "2026-11-22T17:04:09.000Z"}
    undelivered = {"ERROR_CODE": {"dataType": "String", "stringValue": "RULE_DISABLED"}}
    mailed = report("privilege", image=reported(KEPT), detection=detection(label("Dog", 98.0)))
    yield {
        "ArchiveAudit": [(record | times, {})],
        "KeepUndelivered": [(event(stack, "Object Created", KEPT), undelivered)],
        "RemoveLabels": [(event(stack, "Object Deleted", KEPT), {}), (event(stack, "Object Deleted", GONE), {})],
        "SendDigest": [(dict(mailed), {})],
    }
    forget_undelivered(stack)


def event(stack: Stack, kind: str, key: str) -> dict[str, Any]:
    detail = {"bucket": {"name": stack.bucket}, "object": {"key": key}, "reason": "DeleteObject"}
    return {
        "id": str(uuid4()),
        "detail-type": kind,
        "source": "aws.s3",
        "time": "2026-11-22T10:00:00Z",
        "detail": detail,
    }


def forget_undelivered(stack: Stack) -> None:
    """Delete what KeepUndelivered kept: other tests look into the queue."""
    sqs, queue = stack.client("sqs"), stack.outputs["UndeliveredEventsQueueUrl"]
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        for message in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def show_another_version(stack: Stack, key: str) -> None:
    """Let the table have a label of the photo, and no image: so there is something to remove, and nothing newest."""
    table = stack.outputs["LabelsTableName"]
    keys = {"image_id": {"S": f"{stack.bucket}/{key}"}}
    # An execution that still labels the photo makes another one needless, and would write the image again.
    eventually(lambda: None if running(stack) else True)
    stack.client("dynamodb").delete_item(TableName=table, Key=keys | {"record": {"S": "IMAGE"}})
    stack.client("dynamodb").put_item(TableName=table, Item=keys | {"record": {"S": STALE}, "label": {"S": "Stale"}})


def running(stack: Stack) -> list[Any]:
    machine = stack.outputs["StateMachineArn"]
    answer = stack.client("stepfunctions").list_executions(stateMachineArn=machine, statusFilter="RUNNING")
    return list(answer["executions"])


@pytest.fixture
def come_back(stack: Stack, messages: dict[str, list[Message]]) -> Callable[[str], list[bool]]:
    """Return what handles a function's messages, one by one, and tells which of them come back."""
    functions = stack.client("lambda").list_functions()["Functions"]
    names = {one["Handler"].split(".")[0].title().replace("_", ""): one["FunctionName"] for one in functions}

    def handle(function: str) -> list[bool]:
        return [_comes_back(stack, names[function], *message) for message in messages[function]]

    return handle


def _comes_back(stack: Stack, function: str, body: dict[str, Any], attributes: dict[str, Any]) -> bool:
    if body.get("detail-type") == "Object Deleted":
        # An event of its own each time: the first one takes the claim of the version over.
        body = body | {"id": str(uuid4())}
        show_another_version(stack, body["detail"]["object"]["key"])
    sent = batch(body)
    sent["Records"][0]["messageAttributes"] = attributes
    answer = stack.client("lambda").invoke(FunctionName=function, Payload=json.dumps(sent))
    result = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, result
    return bool(result["batchItemFailures"])


def test_every_permission_of_every_function_of_a_queue_is_necessary(
    stack: Stack,
    messages: dict[str, list[Message]],
    come_back: Callable[[str], list[bool]],
    record_property: Callable[..., None],
) -> None:
    assert {function: come_back(function) for function in messages} == {
        function: [False] * len(every) for function, every in messages.items()
    }
    # Lambda itself receives the messages with the function's role; the test invokes the function directly.
    not_asked = (
        LOGS,
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessage",
        "sqs:GetQueueUrl",
    )
    asked = [one for one in permissions(stack, set(messages)) if not one.action.startswith(not_asked)]
    assert {permission.function for permission in asked} == set(messages)
    needless = []
    for permission in asked:
        with taken_away(stack, permission):
            if not any(come_back(permission.function)):
                needless.append(f"{permission.function}: {permission.action} on {permission.resource}")
    assert not needless, "\n".join(needless)
    record_property(
        "summary", f"Least privilege: {len(asked)} of {len(asked)} permissions of queue functions necessary"
    )
    assert not any(outcome for function in messages for outcome in come_back(function)), "the roles are whole again"
