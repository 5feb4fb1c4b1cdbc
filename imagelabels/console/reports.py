"""The last reports of a stack on AWS: mails are in their readers' mailboxes, the audit trail says what each told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from imagelabels.console.listing import AT_ONCE
from imagelabels.console.rows import OUTCOMES, name_of
from imagelabels.console.source import Source
from imagelabels.operations.audit_trail import said
from imagelabels.stack.archived import archived_of
from imagelabels.stack.executions import LABELLED, REJECTED, RUNNING

# Of the newest executions; BatchGetItem takes at most 100 keys.
MOST = 50
# The outcomes of which the workflow publishes a report.
REPORTED = {LABELLED, REJECTED, "FAILED"}


class Report(NamedTuple):
    """What was reported of an execution, and when."""

    name: str
    key: str
    outcome: str
    style: str
    said: str
    at: datetime


def reports(source: Source) -> list[Report]:
    """Return the reports of the newest executions, the newest first; one appears a minute after its execution's end."""
    ended = [one for one in source.listed().executions if one["status"] != RUNNING][:MOST]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(source.glance, ended))
    archived = archived_of(source.stack, [(one.arn, one.key, one.started) for one in found])
    told = [(one, archived[one.arn]) for one in found if one.arn in archived]
    return [
        Report(
            name_of(one.arn), one.key, *OUTCOMES[run["outcome"]], said(run), datetime.fromisoformat(run["recorded_at"])
        )
        for one, run in told
        if run["outcome"] in REPORTED and not run.get("bare")
    ]
