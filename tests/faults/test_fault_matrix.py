"""Whichever call fails with whichever fault: no photo is lost, reported twice or overwritten by an older version."""

import pytest

from imagelabels.local.faults.plan import CALL_FAULTS, DELIVERY_FAULTS
from tests.faults import matrix, matrix_page
from tests.faults.cells import Cell, cells_of, one_of_each_fault
from tests.faults.harness import Harness
from tests.faults.result import Result

DEAD_LETTER_QUEUES = [
    "AuditDeadLetterQueueUrl",
    "MailDeadLetterQueueUrl",
    "RemovalDeadLetterQueueUrl",
    "UndeliveredEventsQueueUrl",
]
MIN_CELLS = 60


@pytest.fixture(scope="session")
def cells(harness: Harness) -> list[Cell]:
    return cells_of(matrix.calls(harness))


@pytest.fixture(scope="session")
def one_of_each(harness: Harness, cells: list[Cell]) -> list[Result]:
    return matrix.run(harness, one_of_each_fault(cells), matrix.FEW_CELLS_SECONDS)


def _problems(results: list[Result]) -> dict[str, list[str]]:
    return {
        f"{result.cell.function} {result.cell.action}, {result.cell.name}": result.problems
        for result in results
        if result.problems
    }


def test_one_of_each_fault_loses_and_doubles_nothing(one_of_each: list[Result]) -> None:
    assert _problems(one_of_each) == {}
    assert {result.cell.rule["fault"] for result in one_of_each} == set(CALL_FAULTS + DELIVERY_FAULTS)


def test_faults_leave_no_dead_letters(harness: Harness, one_of_each: list[Result]) -> None:
    assert one_of_each
    assert [harness.messages(queue) for queue in DEAD_LETTER_QUEUES] == [0, 0, 0, 0]


def test_the_page_shows_every_call_with_every_fault(cells: list[Cell]) -> None:
    page = matrix_page.FILE.read_text()
    assert [cell for cell in cells if not matrix_page.has(page, cell)] == []
    assert f"{len(cells)} cells." in page
    assert len(cells) >= MIN_CELLS


@pytest.mark.soak
def test_every_fault_on_every_call_loses_and_doubles_nothing(harness: Harness, cells: list[Cell]) -> None:
    results = matrix.run_all(harness, cells)
    assert _problems(results) == {}
    assert [harness.messages(queue) for queue in DEAD_LETTER_QUEUES] == [0, 0, 0, 0]
    assert matrix_page.render(results) == matrix_page.FILE.read_text()
    print(f"{len(results)} cells hold; {sum(result.restarts for result in results)} executions restarted")
