"""The messages of the dead-letter queues: listed, and sent back to where they came from."""

import json
import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from imagelabels.stack import executions
from imagelabels.stack.connection import Stack
from imagelabels_shared.execution_input import locate
from imagelabels_shared.timestamps import of_epoch, timestamp

# The stack's output for each dead-letter queue, and the output for the queue that its messages came from.
QUEUES = {
    "UndeliveredEventsQueueUrl": "",
    "AuditDeadLetterQueueUrl": "AuditQueueUrl",
    "MailDeadLetterQueueUrl": "ReportsQueueUrl",
    "RemovalDeadLetterQueueUrl": "RemovalQueueUrl",
}
URL = "QueueUrl"
# All EventBridge rules share one dead-letter queue, so the type of an event tells where it was going.
MACHINE = "StateMachineArn"
EVENTS = {
    "Object Created": MACHINE,
    "Object Deleted": "RemovalQueueUrl",
    "Object Restore Completed": "RemovalQueueUrl",
    "Step Functions Execution Status Change": "AuditQueueUrl",
}
# The field in which the workflow names a rejected photo to functions/remove_labels.
REJECTED = "rejected"
# EventBridge's id of an event, a UUID; it becomes part of an execution's name.
EVENT_ID = re.compile("[0-9a-f-]{36}")
# The visibility timeout while the messages are listed; afterwards they are made visible again.
LISTING_SECONDS = 60
# A short poll asks some of SQS's servers and may miss messages; a long poll, of a second or more, asks all of them
# (docs.aws.amazon.com/AWSSimpleQueueService: sqs-short-and-long-polling.html).
WAIT_SECONDS = 1


@dataclass(frozen=True)
class DeadLetter:
    """A message of a dead-letter queue.

    `sent` is ISO 8601, UTC; `about` is bucket/key, or empty; `reason` is what EventBridge gave as its error, or empty.
    """

    queue: str
    id: str
    sent: str
    kind: str
    about: str
    reason: str
    body: str
    handle: str


def listed(stack: Stack) -> Iterator[DeadLetter]:
    """Yield every dead letter once; they stay in their queues."""
    sqs = stack.client("sqs")
    urls = [stack.outputs[output] for output in QUEUES]
    # Each queue has its own thread: an empty one is known to be empty only after the wait.
    with ThreadPoolExecutor(len(urls)) as pool:
        found = pool.map(lambda url: _messages(sqs, url), urls)
        for output, messages in zip(QUEUES, found, strict=True):
            yield from (_dead_letter(output.removesuffix(URL), message) for message in messages)


def _messages(sqs: Any, queue: str) -> list[dict[str, Any]]:
    """Return the messages of a queue, each once and with its last handle, and make them visible again."""
    found: dict[str, dict[str, Any]] = {}
    while messages := _receive(sqs, queue):
        new = {message["MessageId"] for message in messages} - found.keys()
        found |= {message["MessageId"]: message for message in messages}
        # SQS may deliver a message twice, and does so when a long queue takes longer than the visibility timeout.
        if not new:
            break
    for message in found.values():
        _make_visible(sqs, queue, message["ReceiptHandle"])
    return list(found.values())


def _receive(sqs: Any, queue: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        VisibilityTimeout=LISTING_SECONDS,
        WaitTimeSeconds=WAIT_SECONDS,
        AttributeNames=["SentTimestamp"],
        MessageAttributeNames=["All"],
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages


def _make_visible(sqs: Any, queue: str, handle: str) -> None:
    try:
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
    except ClientError as error:
        # The visibility timeout has ended already.
        if not error.response["Error"]["Code"].endswith("MessageNotInflight"):
            raise


def _dead_letter(queue: str, message: dict[str, Any]) -> DeadLetter:
    document = _parsed(message["Body"])
    attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    return DeadLetter(
        queue=queue,
        id=message["MessageId"],
        sent=timestamp(of_epoch(int(message["Attributes"]["SentTimestamp"]))),
        kind=_kind(document),
        about=_photo(document),
        reason=" ".join(filter(None, (attributes.get("ERROR_CODE"), attributes.get("ERROR_MESSAGE")))),
        body=message["Body"],
        handle=message["ReceiptHandle"],
    )


def _parsed(body: str) -> dict[str, Any]:
    """Return a message's JSON object; an empty one for anything else."""
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _kind(document: dict[str, Any]) -> str:
    request = REJECTED if REJECTED in document else "unknown"
    return str(document.get("detail-type") or document.get("outcome") or request)


def _photo(document: dict[str, Any]) -> str:
    try:
        source = locate(document.get("image") or document.get(REJECTED) or document)
    except ValueError:
        return ""
    return f"{source['bucket']}/{source['key']}"


def why_it_stays(dead_letter: DeadLetter) -> str:
    """Return why a dead letter cannot be sent back, "" for one that can."""
    document = _parsed(dead_letter.body)
    if not document:
        return "stays: its text is not a JSON object"
    target = _target(dead_letter.queue, document)
    if not target:
        return "stays: its detail-type is not one of this stack's, so nothing tells where it was going"
    if target == MACHINE and not EVENT_ID.fullmatch(str(document.get("id"))):
        return "stays: its id is not one of EventBridge's, so an execution cannot be named by it"
    return ""


def _target(queue: str, document: dict[str, Any]) -> str:
    """Return the output for where a message was going, "" when its text does not tell."""
    return QUEUES[f"{queue}{URL}"] or EVENTS.get(str(document.get("detail-type")), "")


def send_back(stack: Stack, dead_letter: DeadLetter) -> bool:
    """Send a dead letter to where it was going, and delete it from its queue.

    Return False for a message whose destination its text does not tell; it stays.
    """
    if why_it_stays(dead_letter):
        return False
    document, origin = _parsed(dead_letter.body), f"{dead_letter.queue}{URL}"
    target, sqs = _target(dead_letter.queue, document), stack.client("sqs")
    if target == MACHINE:
        # A name of the form that EventBridge gives: if the event was delivered after all, this run is a duplicate.
        executions.start(stack, dead_letter.body, f"{document['id']}_{uuid.uuid4()}")
    else:
        sqs.send_message(QueueUrl=stack.outputs[target], MessageBody=dead_letter.body)
    sqs.delete_message(QueueUrl=stack.outputs[origin], ReceiptHandle=dead_letter.handle)
    return True
