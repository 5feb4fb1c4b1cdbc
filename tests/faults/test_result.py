"""The judgement of a cell can fail: too many reports, none, and a dead letter that was not expected."""

from typing import Any

import pytest

from tests.faults import result
from tests.faults.cells import UPLOADED, Cell

LOST_TWICE = {"fault": "drop", "last": 2}
ONCE = {"fault": "throttle", "last": 1}


@pytest.mark.parametrize(
    ("rule", "restarts", "reports", "fine"),
    [
        (ONCE, 0, 1, True),
        (ONCE, 0, 0, False),
        (ONCE, 0, 2, False),
        (ONCE, 1, 2, True),
        (ONCE, 1, 3, False),
        (LOST_TWICE, 0, 0, False),
        (LOST_TWICE, 0, 3, True),
        (LOST_TWICE, 0, 4, False),
        (LOST_TWICE, 1, 4, True),
    ],
)
def test_a_photo_has_one_report_and_one_for_each_restart_and_each_lost_answer(
    rule: dict[str, Any],
    restarts: int,
    reports: int,
    fine: bool,  # noqa: FBT001  # a parameter of a test
) -> None:
    cell = Cell(UPLOADED, "PublishReport", "sns:Publish", "any", rule)
    problems = result._report_problems(cell, reports, restarts)  # noqa: SLF001  # the rule alone, without a stack
    assert (problems == []) is fine
