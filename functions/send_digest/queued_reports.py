"""Reading the reports in a batch of SQS messages; the same report may come in several messages."""

import json
from typing import Any, NamedTuple

from imagelabels_shared.models import Report
from imagelabels_shared.observability import logger
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from send_digest.digest import digests


class Message(NamedTuple):
    """A report, the ids of its SQS messages, and whether they were delivered before and failed (`again`)."""

    report: Report
    ids: list[str]
    again: bool


def read(records: list[dict[str, Any]]) -> tuple[list[Message], list[str]]:
    """Return each report once, and the ids of messages that are not reports."""
    found: dict[tuple[str, str, bool], Message] = {}
    unreadable: list[str] = []
    for record in records:
        report = _report(record["body"])
        if report is None:
            unreadable.append(record["messageId"])
            logger().error("The message is not a report", message_id=record["messageId"])
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
    if not (isinstance(document, dict) and "schema" in document and _can_be_mailed(document)):
        return None
    return document  # type: ignore[return-value]  # checked


def _can_be_mailed(report: Any) -> bool:
    """Return whether a mail can be made of it: one malformed report must not make a whole digest fail."""
    try:
        title(report), text(report, technical=True), digests([report], technical=True)
    except Exception:  # noqa: BLE001  # a malformed report may raise any error
        return False
    return True
