"""The audit record: the message in the audit queue about each ending (docs/audit.schema.json).

States of the state machine send it for an execution. Functions send it for an event that has no execution.
"""

import json
from typing import Any, Literal, NotRequired, TypedDict

from imagelabels_shared.aws import aws_call, client

AuditOutcome = Literal["LABELLED", "REJECTED", "SUPERSEDED", "FAILED", "DELETED", "EXPIRED", "RESTORED", "UNDELIVERED"]


class AuditedImage(TypedDict, total=False):
    """The photo, as far as it is known: an unknown field is null or missing. `size` in bytes."""

    bucket: str | None
    key: str | None
    versionId: str | None
    etag: str | None
    size: int | None


class AuditedError(TypedDict):
    """The error's name, and its cause as the service gave it (a function's cause is JSON)."""

    name: str
    cause: str


class AuditRecord(TypedDict):
    """One ending. `execution` is an ARN, `event` the id of an event that started no execution; each record has one.

    `labels` are names, the surest first. `input` is the execution's input, for a duplicate: ArchiveAudit finds the
    photo in it. `restarted` is the ARN of the execution that labels an older version again.
    `startedAt` and `recordedAt` are ISO 8601, UTC.
    """

    schema: Literal[1]
    outcome: AuditOutcome
    image: AuditedImage
    labels: list[str]
    startedAt: str
    recordedAt: str
    execution: NotRequired[str]
    event: NotRequired[str]
    input: NotRequired[Any]
    error: NotRequired[AuditedError]
    restarted: NotRequired[str]


def event_record(
    event: dict[str, Any],
    outcome: AuditOutcome,
    image: AuditedImage,
    recorded_at: str,
    *,
    error: AuditedError | None = None,
    restarted: str | None = None,
) -> AuditRecord:
    """Return the record of an EventBridge event that started no execution. Raises KeyError without `id` or `time`."""
    record = AuditRecord(
        schema=1,
        outcome=outcome,
        image=image,
        labels=[],
        event=event["id"],
        startedAt=event["time"],
        recordedAt=recorded_at,
    )
    if error:
        record["error"] = error
    if restarted:
        record["restarted"] = restarted
    return record


def send_record(queue: str, record: AuditRecord) -> None:
    """Send a record to the audit queue (a URL). Raises what `aws_call` raises."""
    with aws_call("sqs:SendMessage", queue):
        client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(record))
