"""KeepUndelivered: record an event that EventBridge could not deliver, and keep it in a queue for an operator."""

from typing import Any, cast

from imagelabels_shared import audit, timestamps
from imagelabels_shared.audit import AuditedError, AuditedImage, AuditRecord
from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.execution_input import ours
from imagelabels_shared.queue_handler import Record, each_message
from keep_undelivered.environment import KeepUndeliveredEnvironment

# The message attributes with EventBridge's reason: docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html.
CODE, SENTENCE = "ERROR_CODE", "ERROR_MESSAGE"


def work(event: dict[str, Any], record: Record) -> None:
    environment = KeepUndeliveredEnvironment.from_environ()
    reasons = {name: attribute.get("stringValue") or "" for name, attribute in record["messageAttributes"].items()}
    audit.send_record(environment.audit_queue_url, audit_record(event, reasons, record))
    # Last: when the message comes again, a second audit record replaces the first; a second dead letter would stay.
    _keep(environment.undelivered_queue_url, record["body"], reasons)


def audit_record(event: dict[str, Any], reasons: dict[str, str], record: Record) -> AuditRecord:
    """Return the audit record; the same message always makes the same one. Raises KeyError for other messages."""
    error = AuditedError(name=reasons.get(CODE, "UNKNOWN"), cause=reasons.get(SENTENCE, ""))
    recorded_at = timestamps.timestamp(timestamps.of_epoch(int(record["attributes"]["SentTimestamp"])))
    return audit.event_record(event, "UNDELIVERED", _image(event), recorded_at, error=error)


def _image(event: dict[str, Any]) -> AuditedImage:
    try:
        return cast("AuditedImage", ours(event))
    except ValueError:
        return {}


def _keep(queue: str, body: str, reasons: dict[str, str]) -> None:
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in reasons.items() if value}
    with aws_call("sqs:SendMessage", queue):
        client("sqs").send_message(QueueUrl=queue, MessageBody=body, MessageAttributes=attributes)


handler = each_message(work)
