"""ArchiveAudit: write the audit trail's messages into the table, so that one query tells a photo's whole story."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from archive_audit.items import run_item
from archive_audit.table import keep
from imagelabels_shared.observability import count
from imagelabels_shared.queue_handler import each_message


def work(message: dict[str, Any], record: SQSRecord) -> None:
    sent = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    item = run_item(message, sent)
    if keep(item):
        count("RunsArchived", outcome=item["outcome"])


handler = each_message(work)
