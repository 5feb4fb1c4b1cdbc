"""The environment variables of KeepUndelivered."""

from dataclasses import dataclass

from imagelabels_shared.environment import AuditQueue, ImagesBucket


@dataclass(frozen=True, kw_only=True)
class KeepUndeliveredEnvironment(AuditQueue, ImagesBucket):
    """`undelivered_queue_url` is where an event waits for a person."""

    undelivered_queue_url: str
