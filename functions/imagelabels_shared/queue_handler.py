"""Lambda functions that SQS invokes; they report the messages that failed, and SQS delivers only those again."""

import json
from collections.abc import Callable
from typing import Any, TypedDict

from imagelabels_shared.observability import Handler, logged, logger


class MessageAttribute(TypedDict, total=False):
    """An attribute that the sender gave a message; a text has `stringValue`."""

    stringValue: str


class Record(TypedDict):
    """One message of SQS's event; `attributes` are those of SQS, with times in milliseconds since 1970.

    Source: docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """

    messageId: str
    body: str
    attributes: dict[str, str]
    messageAttributes: dict[str, MessageAttribute]


Work = Callable[[Any, Record], None]


def each_message(work: Work) -> Handler:
    """Make a Lambda handler that calls `work` with each message's JSON and record.

    SQS delivers a message again when `work` raises.
    """

    # Not Powertools' BatchProcessor: importing it takes as long as a client of boto3.
    def batch(event: Any, _context: Any) -> dict[str, Any]:
        failed = [record["messageId"] for record in event["Records"] if not _is_done(work, record)]
        return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}

    return logged(batch)


def _is_done(work: Work, record: Record) -> bool:
    before = set(logger().get_current_keys())
    received = record["attributes"]["ApproximateReceiveCount"]
    logger().append_keys(message_id=record["messageId"], receive_count=received)
    try:
        work(json.loads(record["body"]), record)
    except Exception as error:  # noqa: BLE001  # whatever it is, the other messages are worked on
        logger().warning("Message failed", error=type(error).__name__, cause=str(error))
        return False
    else:
        logger().info("Message done")
        return True
    finally:
        # What `work` says of one message is not said of the next one of the batch.
        logger().remove_keys(set(logger().get_current_keys()) - before)
