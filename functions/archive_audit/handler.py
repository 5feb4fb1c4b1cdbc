"""ArchiveAudit: write the audit trail's messages into the table, so that one query tells a photo's whole story."""

from typing import Any

from archive_audit.items import run_item
from archive_audit.table import keep
from shared.messages import each_message
from shared.observability import count


def work(message: dict[str, Any], _record: Any) -> None:
    item = run_item(message)
    if keep(item):
        count("RunsArchived", outcome=item["outcome"])


handler = each_message(work)
