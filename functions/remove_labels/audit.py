"""The audit record of a deletion: the photo's story goes on when its labels are gone."""

import json
from datetime import UTC, datetime
from typing import Any

from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.environment import AuditQueue


def tell(event: dict[str, Any], outcome: str, image: dict[str, str], restarted: str | None = None) -> None:
    """Send an audit record about a deletion event to the trail. Raises what `aws_call` raises."""
    record = {
        "schema": 1,
        "outcome": outcome,
        "image": image,
        "labels": [],
        "event": event["id"],
        "startedAt": event["time"],
        "recordedAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **({"restarted": restarted} if restarted else {}),
    }
    queue = AuditQueue.from_environ().audit_queue_url
    with aws_call("sqs:SendMessage", queue):
        client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(record, ensure_ascii=False))
