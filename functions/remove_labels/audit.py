"""The audit record of an event: a photo's history goes on after its labels are removed, or when it came back."""

from typing import Any

from imagelabels_shared import audit, timestamps
from imagelabels_shared.audit import AuditedImage, AuditOutcome
from imagelabels_shared.environment import AuditQueue


def record_event(
    event: dict[str, Any], outcome: AuditOutcome, image: AuditedImage, restarted: str | None = None
) -> None:
    """Send the audit record of a deletion or of a restore. Raises what `aws_call` raises."""
    record = audit.event_record(event, outcome, image, timestamps.now(), restarted=restarted)
    queue = AuditQueue.from_environ().audit_queue_url
    audit.send_record(queue, record)
