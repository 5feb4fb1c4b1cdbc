"""What happened to a photo in one execution, as a person would tell it, from its steps."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from imagelabels.console.steps import Step
from imagelabels.console.time_axis import duration
from imagelabels.stack.turns import WAIT, sentence
from imagelabels_shared.text import plain_cause


class Event(NamedTuple):
    """One thing that happened. `tone` is good, bad, slow or plain; `aside` is a detail."""

    at: datetime
    text: str
    aside: str
    tone: str


def story(found: list[Step], *, by_upload: bool, recipient: str) -> list[Event]:
    """Return the events in order of time; `recipient` is who gets the mail, "" when it is not known."""
    if not found:
        return []
    begin = "uploaded, and EventBridge started this execution" if by_upload else "started by a person"
    events = [Event(found[0].entered, begin, "", "plain")]
    for step in found:
        events += _events(step, recipient)
    return sorted(events, key=lambda event: event.at)


def _events(step: Step, recipient: str) -> Iterator[Event]:
    failed = [one for one in step.attempts if one.error]
    tried_again = failed if step.status != "caught" else failed[:-1]
    if tried_again and tried_again[0].ended:
        waits = ", ".join(duration((until - begin).total_seconds()) for begin, until in step.waits())
        times = "once" if len(tried_again) == 1 else f"{len(tried_again)} times"
        again = f"waited {waits}" if waits else ""
        yield Event(tried_again[0].ended, f"{step.name} failed {times} with {failed[0].error}", again, "slow")
    if step.status in {"caught", "failed"} and step.exited and step.kind != "Fail":
        yield Event(step.exited, f"{step.name} ended with {step.error}", plain_cause(step.cause), "bad")
    elif step.name == WAIT and not step.exited:
        yield Event(step.entered, sentence(step.input, step.entered, step.entered), "", "slow")
    elif step.status == "done" and step.exited and (tell := TELL.get(step.name)):
        text, aside, tone = tell(_parsed(step.output), recipient)
        if text:
            yield Event(step.exited, text, aside, tone)


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


Told = tuple[str, str, str]


def _normalized(output: dict[str, Any], _recipient: str) -> Told:
    did = output.get("image", {}).get("normalized", {}).get("did", [])
    return "a JPEG copy was made for Rekognition", ", ".join(did), "plain"


def _detected(output: dict[str, Any], _recipient: str) -> Told:
    detection = output.get("detection", {})
    if detection.get("turn", {}).get("wait"):
        # The Wait state that follows tells it.
        return "", "", "plain"
    count = len(detection.get("labels", []))
    return (
        f"Rekognition found {count or 'no'} label{'' if count == 1 else 's'}",
        detection.get("modelVersion", ""),
        "good",
    )


def _had_its_turn(output: dict[str, Any], _recipient: str) -> Told:
    before = output.get("detection", {}).get("turn", {}).get("before", 0)
    return "its turn came", f"{before:,} photos were before it", "slow"


def _persisted(output: dict[str, Any], _recipient: str) -> Told:
    changes = output.get("persisted", {})
    if changes.get("lastRun") is None:
        return "the table was written", "for the first time", "good"
    news = (("new", "added"), ("gone", "removed"))
    parts = [f"{word}: {', '.join(changes[name])}" for word, name in news if changes.get(name)]
    return "the table was written", "; ".join(parts) or "the same labels", "good"


def _reported(_output: dict[str, Any], recipient: str) -> Told:
    return "the report was published", f"mailed to {recipient}" if recipient else "", "good"


def _recorded(_output: dict[str, Any], _recipient: str) -> Told:
    return "the audit record was written", "", "plain"


# Which states are worth a line, and the words for it.
TELL: dict[str, Callable[[dict[str, Any], str], Told]] = {
    "NormalizeImage": _normalized,
    "DetectLabels": _detected,
    "WaitForTurn": _had_its_turn,
    "PersistLabels": _persisted,
    "PublishReport": _reported,
    "PublishRejection": _reported,
    "PublishFailure": _reported,
    "RecordOutcome": _recorded,
    "RecordRejection": _recorded,
    "RecordFailure": _recorded,
    "RecordSuperseded": _recorded,
    "RecordDuplicate": _recorded,
    "RecordNotFound": _recorded,
}
