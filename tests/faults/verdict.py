"""What must be true of every cell of the matrix, once the fault is gone and the runbook was followed."""

from collections import defaultdict
from typing import Any, NamedTuple

from tests.faults.cell import Cell
from tests.faults.lab import Lab, Run

FAULT_FREE = "no fault.png"
# What differs between two runs that end the same.
OF_THE_RUN = {"image_id", "object_key", "version", "etag", "size", "labelled_at", "execution"}


class Evidence(NamedTuple):
    """Everything that the executions left behind, by photo."""

    runs: dict[str, list[Run]]
    mails: list[str]
    records: dict[str, list[dict[str, Any]]]


class Verdict(NamedTuple):
    """How a cell went: `restarts` by a person, labelled `reports` of the newest version, and what is wrong."""

    cell: Cell
    restarts: int
    reports: int
    complaints: list[str]


def gather(lab: Lab) -> Evidence:
    records = defaultdict(list)
    for record in lab.drained("AuditQueueUrl"):
        records[record["execution"]].append(record)
    return Evidence(lab.settled(0, 60), lab.mails(), records)


def judge(lab: Lab, evidence: Evidence, cell: Cell, key: str, restarted: list[Run]) -> Verdict:
    restarts = sum(run.key == key for run in restarted)
    reports = sum(key in mail and not mail.startswith("Labelling FAILED") for mail in evidence.mails)
    complaints = [
        *_about_the_table(lab, key),
        *_about_reports(cell, reports, restarts),
        *_about_the_trail(evidence, cell, key),
    ]
    return Verdict(cell, restarts, reports, complaints)


def _about_the_table(lab: Lab, key: str) -> list[str]:
    found, wanted = lab.items(key), lab.items(FAULT_FREE)
    if _same(found) != _same(wanted):
        return [f"the table says {_same(found)}"]
    newest = lab.newest(key)
    return [] if found["IMAGE"]["version"] == {"S": newest} else ["the labels are of an older version"]


def _same(items: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        record: {name: value for name, value in item.items() if name not in OF_THE_RUN}
        for record, item in items.items()
        if not record.startswith("RUN#")
    }


def _about_reports(cell: Cell, reports: int, restarts: int) -> list[str]:
    most = reports if cell.at_least_one_report else 1 + restarts
    return [] if 1 <= reports <= most else [f"{reports} reports, and {restarts} restarts"]


def _about_the_trail(evidence: Evidence, cell: Cell, key: str) -> list[str]:
    without = [run.arn for run in evidence.runs[key] if not evidence.records[run.arn]]
    if cell.function == "LabelImage" and len(without) < len(evidence.runs[key]):
        return []
    return [f"no audit record of {arn}" for arn in without]
