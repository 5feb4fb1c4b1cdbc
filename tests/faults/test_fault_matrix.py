"""Whatever call fails, and however: nothing is lost, doubled or overwritten by something older."""

import pytest

from imagelabels.local.faults.plan import DELIVERIES, FAULTS
from tests.faults import document, matrix
from tests.faults.cell import Cell
from tests.faults.lab import Lab
from tests.faults.verdict import Verdict

DEAD_LETTERS = [
    "AuditDeadLetterQueueUrl",
    "MailDeadLetterQueueUrl",
    "RemovalDeadLetterQueueUrl",
    "UndeliveredEventsQueueUrl",
]
FEWEST_CELLS = 60


@pytest.fixture(scope="session")
def cells(lab: Lab) -> list[Cell]:
    return matrix.cells(matrix.calls(lab))


@pytest.fixture(scope="session")
def some(lab: Lab, cells: list[Cell]) -> list[Verdict]:
    return matrix.run(lab, matrix.one_of_each(cells), matrix.CALM_SECONDS)


def _broken(verdicts: list[Verdict]) -> dict[str, list[str]]:
    return {
        f"{verdict.cell.function} {verdict.cell.action}, {verdict.cell.name}": verdict.complaints
        for verdict in verdicts
        if verdict.complaints
    }


def test_one_of_each_fault_loses_and_doubles_nothing(some: list[Verdict]) -> None:
    assert _broken(some) == {}
    assert {verdict.cell.rule["fault"] for verdict in some} == set(FAULTS + DELIVERIES)


def test_faults_leave_no_dead_letters(lab: Lab, some: list[Verdict]) -> None:
    assert some
    assert [lab.waiting(queue) for queue in DEAD_LETTERS] == [0, 0, 0, 0]


def test_the_page_shows_every_call_with_every_fault(cells: list[Cell]) -> None:
    page = document.FILE.read_text()
    assert [cell for cell in cells if not document.has(page, cell)] == []
    assert f"{len(cells)} cells." in page
    assert len(cells) >= FEWEST_CELLS


@pytest.mark.soak
def test_every_fault_on_every_call_loses_and_doubles_nothing(lab: Lab, cells: list[Cell]) -> None:
    verdicts = matrix.run(lab, cells, matrix.WHOLE_SECONDS)
    assert _broken(verdicts) == {}
    assert [lab.waiting(queue) for queue in DEAD_LETTERS] == [0, 0, 0, 0]
    assert document.render(verdicts) == document.FILE.read_text()
    print(f"{len(verdicts)} cells hold; {sum(verdict.restarts for verdict in verdicts)} executions started again")
