"""Messages that could not be delivered or worked through: where they lie, what they say, and the way back."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imagelabels.stack.connection import Connection
from imagelabels_shared.execution_input import locate
from imagelabels_shared.timestamps import of_epoch, timestamp

# The stack's output that names each dead-letter queue, and the one that names the queue its messages came from.
QUEUES = {
    "UndeliveredEventsQueueUrl": "",
    "AuditDeadLetterQueueUrl": "AuditQueueUrl",
    "MailDeadLetterQueueUrl": "ReportsQueueUrl",
    "RemovalDeadLetterQueueUrl": "RemovalQueueUrl",
}
# EventBridge's events are told apart by their kind, because all rules share one dead-letter queue.
MACHINE = "StateMachineArn"
EVENTS = {
    "Object Created": MACHINE,
    "Object Deleted": "RemovalQueueUrl",
    "Step Functions Execution Status Change": "AuditQueueUrl",
}
# How the workflow names a photo whose labels are to be looked at (functions/remove_labels).
REJECTED = "rejected"
# Of an event that EventBridge made; it becomes part of an execution's name.
EVENT_ID = re.compile("[0-9a-f-]{36}")
# Messages are hidden from others while they are looked at, and shown again after that.
LOOK_SECONDS = 60


@dataclass(frozen=True)
class Letter:
    """One dead letter. `sent` is ISO 8601, UTC; `about` a photo or empty; `reason` what EventBridge said, or empty."""

    queue: str
    id: str
    sent: str
    kind: str
    about: str
    reason: str
    body: str
    handle: str


def letters(connection: Connection) -> Iterator[Letter]:
    """Yield every dead letter once; they stay where they are."""
    sqs = connection.client("sqs")
    for output in QUEUES:
        found = list(_receive(sqs, connection.outputs[output]))
        yield from (_letter(output.removesuffix("QueueUrl"), message) for message in found)
        for message in found:
            sqs.change_message_visibility(
                QueueUrl=connection.outputs[output], ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )


def _receive(sqs: Any, queue: str) -> Iterator[dict[str, Any]]:
    while messages := sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        VisibilityTimeout=LOOK_SECONDS,
        AttributeNames=["SentTimestamp"],
        MessageAttributeNames=["All"],
    ).get("Messages"):
        yield from messages


def _letter(queue: str, message: dict[str, Any]) -> Letter:
    document = parsed(message["Body"])
    attributes = {name: one.get("StringValue", "") for name, one in message.get("MessageAttributes", {}).items()}
    return Letter(
        queue=queue,
        id=message["MessageId"],
        sent=timestamp(of_epoch(int(message["Attributes"]["SentTimestamp"]))),
        kind=_kind(document),
        about=_photo(document),
        reason=" ".join(filter(None, (attributes.get("ERROR_CODE"), attributes.get("ERROR_MESSAGE")))),
        body=message["Body"],
        handle=message["ReceiptHandle"],
    )


def parsed(body: str) -> dict[str, Any]:
    """Return a message's JSON object; an empty one for anything else."""
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _kind(document: dict[str, Any]) -> str:
    asked = REJECTED if REJECTED in document else "unknown"
    return str(document.get("detail-type") or document.get("outcome") or asked)


def _photo(document: dict[str, Any]) -> str:
    try:
        source = locate(document.get("image") or document.get(REJECTED) or document)
    except ValueError:
        return ""
    return f"{source['bucket']}/{source['key']}"


def send_back(connection: Connection, letter: Letter) -> bool:
    """Send a letter to where it was going, then delete it; return False for one that nobody can read, which stays."""
    document, origin = parsed(letter.body), f"{letter.queue}QueueUrl"
    target = QUEUES[origin] or EVENTS.get(str(document.get("detail-type")))
    if not document or target is None or (target == MACHINE and not EVENT_ID.fullmatch(str(document.get("id")))):
        return False
    if target == MACHINE:
        _start(connection, document["id"], letter.body)
    else:
        connection.client("sqs").send_message(QueueUrl=connection.outputs[target], MessageBody=letter.body)
    connection.client("sqs").delete_message(QueueUrl=connection.outputs[origin], ReceiptHandle=letter.handle)
    return True


def _start(connection: Connection, event: str, body: str) -> None:
    # The name says that an event started it, so that one that was delivered after all is a duplicate.
    connection.client("stepfunctions").start_execution(
        stateMachineArn=connection.outputs[MACHINE], name=f"{event}_{uuid.uuid4()}", input=body
    )
