"""What must be true of every cell of the matrix, once the fault is gone and the runbook was followed."""

from typing import Any, NamedTuple

from tests.faults.cell import DELETED, REJECTED, UPLOADED, Cell
from tests.faults.lab import Lab, Run

FAULT_FREE = "no fault.png"
# What differs between two runs that end the same.
OF_THE_RUN = {"image_id", "object_key", "version", "etag", "size", "labelled_at", "execution"}


class Evidence(NamedTuple):
    """Everything that the executions left behind."""

    runs: dict[str, list[Run]]
    mails: list[str]


class Verdict(NamedTuple):
    """How a cell went: `restarts` by a person, labelled `reports` of the newest version, and what is wrong."""

    cell: Cell
    restarts: int
    reports: int
    complaints: list[str]


def gather(lab: Lab) -> Evidence:
    return Evidence(lab.settled(0, 60), lab.mails())


def judge(lab: Lab, evidence: Evidence, cell: Cell, key: str, restarted: list[Run]) -> Verdict:
    restarts = sum(run.key == key for run in restarted)
    reports = sum(key in mail and _as_it_should(mail, cell) for mail in evidence.mails)
    items = lab.items(key)
    complaints = [
        *_about_the_table(lab, cell, items, key),
        *_about_reports(cell, reports, restarts),
        *_about_the_trail(evidence.runs[key], cell, items),
    ]
    return Verdict(cell, restarts, reports, complaints)


def _as_it_should(mail: str, cell: Cell) -> bool:
    rejected = mail.startswith("Not labelled")
    return not mail.startswith("Labelling FAILED") and rejected == (cell.life == REJECTED)


def _about_the_table(lab: Lab, cell: Cell, items: dict[str, dict[str, Any]], key: str) -> list[str]:
    wanted = _same(lab.items(FAULT_FREE)) if cell.life == UPLOADED else {}
    if _same(items) != wanted:
        return [f"the table says {_same(items)}"]
    if cell.life == UPLOADED and items["IMAGE"]["version"] != {"S": lab.newest(key)}:
        return ["the labels are of an older version"]
    return []


def _same(items: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        record: {name: value for name, value in item.items() if name not in OF_THE_RUN}
        for record, item in items.items()
        if not record.startswith("RUN#")
    }


def _about_reports(cell: Cell, reports: int, restarts: int) -> list[str]:
    most = reports if cell.at_least_one_report else 1 + restarts
    return [] if 1 <= reports <= most else [f"{reports} reports, and {restarts} restarts"]


def _about_the_trail(runs: list[Run], cell: Cell, items: dict[str, dict[str, Any]]) -> list[str]:
    """Every execution has its item, whoever told of it; a deletion has one too."""
    story = [item for record, item in items.items() if record.startswith("RUN#")]
    told = {item["execution"]["S"] for item in story}
    deleted = cell.life != DELETED or "DELETED" in {item["outcome"]["S"] for item in story}
    return [f"nothing in the trail of {run.arn}" for run in runs if run.arn not in told] + (
        [] if deleted else ["nothing in the trail of the deletion"]
    )
