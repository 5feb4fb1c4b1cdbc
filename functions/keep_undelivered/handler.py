"""KeepUndelivered: tell the audit trail of an event that EventBridge could not deliver, and keep it for a person."""

import json
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.execution_input import ours
from imagelabels_shared.queue_handler import each_message
from keep_undelivered.environment import KeepUndeliveredEnvironment

# EventBridge says with them why it gave up: docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html.
CODE, SENTENCE = "ERROR_CODE", "ERROR_MESSAGE"


def work(event: dict[str, Any], record: SQSRecord) -> None:
    environment = KeepUndeliveredEnvironment.from_environ()
    said = {name: one.string_value or "" for name, one in record.message_attributes.items()}
    _send(environment.audit_queue_url, json.dumps(audit_record(event, said, record)), {})
    # Last, so that a message that comes again is told twice rather than kept twice.
    _send(environment.undelivered_queue_url, record.body, said)


def audit_record(event: dict[str, Any], said: dict[str, str], record: SQSRecord) -> dict[str, Any]:
    """Return the record; the same message always makes the same one."""
    sent = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    return {
        "schema": 1,
        "outcome": "UNDELIVERED",
        "image": _image(event),
        "labels": [],
        "event": event["id"],
        "error": {"name": said.get(CODE, "UNKNOWN"), "cause": said.get(SENTENCE, "")},
        "startedAt": event["time"],
        "recordedAt": sent.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _image(event: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(ours(event))
    except ValueError:
        return {}


def _send(queue: str, body: str, attributes: dict[str, str]) -> None:
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items() if value}
    with aws_call("sqs:SendMessage", queue):
        client("sqs").send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=typed)


handler = each_message(work)
