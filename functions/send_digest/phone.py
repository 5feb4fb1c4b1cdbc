"""Texting a phone, through the SNS topic `Phone` to which its number is subscribed."""

import json

from imagelabels_shared.aws import aws_call, client
from imagelabels_shared.models import Report
from imagelabels_shared.observability import logger
from send_digest.environment import Phone
from send_digest.text_message import text_message

FAILED = "FAILED"


def tell(reports: list[Report]) -> None:
    """Send one text about the photos of a batch whose reports were mailed; without a phone, do nothing.

    Failures are for operators, who get mail. A text that cannot be sent is logged and lost: its reports were mailed,
    and would be mailed again if their messages came again.
    """
    told = [report for report in reports if report["outcome"] != FAILED]
    if not told or not Phone.is_set():
        return
    try:
        _publish(text_message(told))
    except Exception:  # noqa: BLE001  # see above
        logger().exception("Text failed", photos=len(told))


def _publish(text: str) -> None:
    topic = Phone.from_environ().phone_topic_arn
    with aws_call("sns:Publish", topic):
        message = json.dumps({"default": text, "sms": text})
        client("sns").publish(TopicArn=topic, Message=message, MessageStructure="json")
