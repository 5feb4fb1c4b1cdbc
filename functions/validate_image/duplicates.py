"""One event may be delivered twice: the version that it announces is labelled by the first execution only."""

import re
from typing import Any

from imagelabels_shared.errors import DuplicateEventError
from imagelabels_shared.models import Source
from imagelabels_shared.object_versions import Head
from imagelabels_shared.table.claims import Version, claim

# EventBridge names an execution with two UUIDs; a person's, in the console or with StartExecution, has one or a name.
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
STARTED_BY_EVENTBRIDGE = re.compile(f"{UUID}_{UUID}")


def require_first(event: dict[str, Any], source: Source, head: Head) -> None:
    """Raise DuplicateEventError when EventBridge started this execution, and another one for the version before.

    What a person starts is never a duplicate, though its input may be the same event.
    """
    execution = event["execution"]
    if not started_by_eventbridge(event):
        return
    first = claim(Version(source["bucket"], source["key"], head.version), execution)
    if first != execution:
        raise DuplicateEventError(f"This version is labelled by {first}, which the same event started before.")


def started_by_eventbridge(event: dict[str, Any]) -> bool:
    name = event["execution"].rsplit(":", 1)[-1]
    return "detail" in event["input"] and STARTED_BY_EVENTBRIDGE.fullmatch(name) is not None
