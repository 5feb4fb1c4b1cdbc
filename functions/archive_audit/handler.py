"""ArchiveAudit: write the messages of the audit queue into the table, so that one query returns a photo's history."""

from typing import Any

from archive_audit.items import run_item
from archive_audit.table import keep
from imagelabels_shared import timestamps
from imagelabels_shared.observability import logger
from imagelabels_shared.queue_handler import Record, each_message


def work(message: dict[str, Any], record: Record) -> None:
    sent = timestamps.of_epoch(int(record["attributes"]["SentTimestamp"]))
    item = run_item(message, sent)
    logger().append_keys(outcome=item["outcome"], archived=keep(item))


handler = each_message(work)
