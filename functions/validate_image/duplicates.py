"""EventBridge may deliver an event twice, or replay it; one execution that does not fail labels the version."""

import re
from typing import Any

from imagelabels_shared.errors import DuplicateEventError
from imagelabels_shared.executions import has_failed
from imagelabels_shared.models import Source
from imagelabels_shared.object_versions import UNVERSIONED, Head
from imagelabels_shared.table.claims import Version, claim

# EventBridge names an execution with two UUIDs. One that a person starts has one UUID or any other name.
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
STARTED_BY_EVENTBRIDGE = re.compile(f"{UUID}_{UUID}")


def require_first(event: dict[str, Any], source: Source, head: Head) -> None:
    """Raise DuplicateEventError when EventBridge started this execution after another one for the same version.

    An execution that a person started is never a duplicate, even with the same event as its input. The claim of an
    execution that failed is taken over. Raises what `aws_call` raises.
    """
    execution = event["execution"]
    if not started_by_eventbridge(event):
        return
    version = Version(source["bucket"], source["key"], _upload(event["input"], head))
    first = claim(version, execution)
    # Meanwhile another replay may have taken it over.
    while first != execution and has_failed(first):
        first = claim(version, execution, instead_of=first)
    if first != execution:
        raise DuplicateEventError(f"This version is labelled by {first}, which the same event started before.")


def _upload(event: dict[str, Any], head: Head) -> str:
    """Return what tells an upload from the next one of the same key: its version, or else S3's sequencer."""
    sequencer = event["detail"]["object"].get("sequencer")
    return f"{head.version}#{sequencer}" if head.version == UNVERSIONED and sequencer else head.version


def started_by_eventbridge(event: dict[str, Any]) -> bool:
    """Return whether the execution's name and input are those that EventBridge makes."""
    name = event["execution"].rsplit(":", 1)[-1]
    return "detail" in event["input"] and STARTED_BY_EVENTBRIDGE.fullmatch(name) is not None
