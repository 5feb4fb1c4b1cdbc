"""ArchiveAudit: write the messages of the audit queue into the table, so that one query returns a photo's history."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from archive_audit.items import run_item
from archive_audit.table import keep
from imagelabels_shared import timestamps
from imagelabels_shared.observability import logger
from imagelabels_shared.queue_handler import each_message


def work(message: dict[str, Any], record: SQSRecord) -> None:
    sent = timestamps.of_epoch(int(record.attributes.sent_timestamp))
    item = run_item(message, sent)
    logger().append_keys(outcome=item["outcome"], archived=keep(item))


handler = each_message(work)
