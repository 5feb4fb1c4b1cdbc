"""What the queue hands over: reports as the topic `Reports` has them, each perhaps more than once."""

import json
from typing import Any, NamedTuple

from imagelabels_shared.models import Report
from imagelabels_shared.observability import logger
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from send_digest.digest import digests

KNOWN = {"schema", "outcome", "image", "labels", "execution", "links"}


class Message(NamedTuple):
    """A report, the ids of the messages that brought it, and whether they were handed over before, and failed."""

    report: Report
    ids: list[str]
    again: bool


def read(records: list[dict[str, Any]]) -> tuple[list[Message], list[str]]:
    """Return each report once, and the ids of messages that are no reports."""
    found: dict[tuple[str, str, bool], Message] = {}
    unreadable: list[str] = []
    for record in records:
        report = _report(record["body"])
        if report is None:
            unreadable.append(record["messageId"])
            logger().error("The message is no report", message_id=record["messageId"])
        else:
            again = int(record["attributes"]["ApproximateReceiveCount"]) > 1
            same = (report["execution"], report["outcome"], again)
            found.setdefault(same, Message(report, [], again)).ids.append(record["messageId"])
    return list(found.values()), unreadable


def _report(body: str) -> Report | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    if not (isinstance(document, dict) and document.keys() >= KNOWN and _tellable(document)):
        return None
    return document  # type: ignore[return-value]  # checked


def _tellable(report: Any) -> bool:
    """Whether words can be made of it: one report of another shape must not take a whole digest with it."""
    try:
        title(report), text(report), digests([report])
    except Exception:  # noqa: BLE001  # whatever is odd in it
        return False
    return True
