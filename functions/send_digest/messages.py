"""What the queue hands over: reports as the topic `Reports` has them, each perhaps more than once."""

import json
from typing import Any, NamedTuple

from shared.models import Report
from shared.observability import logger

KNOWN = {"schema", "outcome", "image", "labels", "execution", "links"}


class Message(NamedTuple):
    """A report, and the ids of the messages that brought it."""

    report: Report
    ids: list[str]


def read(records: list[dict[str, Any]]) -> tuple[list[Message], list[str]]:
    """Return each report once, and the ids of messages that are no reports."""
    found: dict[tuple[str, str], Message] = {}
    unreadable: list[str] = []
    for record in records:
        report = _report(record["body"])
        if report is None:
            unreadable.append(record["messageId"])
            logger().error("The message is no report", message_id=record["messageId"])
        else:
            same = (report["execution"], report["outcome"])
            found.setdefault(same, Message(report, [])).ids.append(record["messageId"])
    return list(found.values()), unreadable


def _report(body: str) -> Report | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) and document.keys() >= KNOWN else None  # type: ignore[return-value]  # checked
