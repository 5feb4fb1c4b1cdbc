"""Checks a cell of the matrix once its fault is gone and the runbook was followed."""

from typing import Any, NamedTuple

from tests.faults.cells import DELETED, REJECTED, UPLOADED, Cell
from tests.faults.harness import Execution, Harness

FAULT_FREE = "no fault.png"
# Attributes that differ between two executions with the same outcome.
VOLATILE = {"image_id", "object_key", "version", "etag", "size", "labelled_at", "execution"}


class Repaired(NamedTuple):
    """What a person did by the runbook: the executions that failed, and the keys of photos with dead letters."""

    failed: list[Execution]
    sent_back: set[str]


class Observed(NamedTuple):
    """All executions by key, and all mails."""

    executions: dict[str, list[Execution]]
    mails: list[str]


class Result(NamedTuple):
    """What a cell led to: `restarts` and `sent_back` by a person, `reports` of its photo, and the problems found."""

    cell: Cell
    restarts: int
    sent_back: bool
    reports: int
    problems: list[str]


def observe(harness: Harness) -> Observed:
    return Observed(harness.wait_for_executions(0, 60), harness.mails())


def check(harness: Harness, observed: Observed, cell: Cell, key: str, repaired: Repaired) -> Result:
    restarts, sent_back = sum(execution.key == key for execution in repaired.failed), key in repaired.sent_back
    reports = sum(key in mail and _is_expected_report(mail, cell) for mail in observed.mails)
    items = harness.items(key)
    problems = [
        *_table_problems(harness, cell, items, key),
        *_report_problems(cell, reports, restarts),
        *_trail_problems(observed.executions[key], cell, items),
        *([] if sent_back == cell.becomes_a_dead_letter else [f"dead letters: {sent_back}"]),
    ]
    return Result(cell, restarts, sent_back, reports, problems)


def _is_expected_report(mail: str, cell: Cell) -> bool:
    rejected = mail.startswith("Rejected")
    return not mail.startswith("Labelling FAILED") and rejected == (cell.scenario == REJECTED)


def _table_problems(harness: Harness, cell: Cell, items: dict[str, dict[str, Any]], key: str) -> list[str]:
    expected = _comparable(harness.items(FAULT_FREE)) if cell.scenario == UPLOADED else {}
    if _comparable(items) != expected:
        return [f"the table has {_comparable(items)}"]
    if cell.scenario == UPLOADED and items["IMAGE"]["version"] != {"S": harness.newest_version(key)}:
        return ["the labels are of an older version"]
    return []


def _comparable(items: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        record: {name: value for name, value in item.items() if name not in VOLATILE}
        for record, item in items.items()
        if not record.startswith("RUN#")
    }


def _report_problems(cell: Cell, reports: int, restarts: int) -> list[str]:
    # Each answer of SNS that is lost may be a report that came: the call is repeated.
    lost = cell.rule.get("last", 1) if cell.at_least_one_report else 0
    most = 1 + restarts + lost
    return [] if 1 <= reports <= most else [f"{reports} reports, and {restarts} restarts"]


def _trail_problems(executions: list[Execution], cell: Cell, items: dict[str, dict[str, Any]]) -> list[str]:
    """Every execution has its RUN# item, and so has a deletion."""
    runs = [item for record, item in items.items() if record.startswith("RUN#")]
    recorded = {item["execution"]["S"] for item in runs}
    missing = [f"no RUN# item of {execution.arn}" for execution in executions if execution.arn not in recorded]
    if cell.scenario == DELETED and "DELETED" not in {item["outcome"]["S"] for item in runs}:
        missing.append("no RUN# item of the deletion")
    return missing
