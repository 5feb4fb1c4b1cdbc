"""Runs the fault matrix: every AWS call that every function makes, with every fault that applies to it.

`python -m tests.faults.matrix` runs all of it on a local stack and writes docs/fault-matrix.md.
"""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from imagelabels.local.engine import running
from tests.faults import matrix_page
from tests.faults.cells import DELETED, REJECTED, UPLOADED, Cell, cells_of
from tests.faults.harness import FAST, ONE_MAIL_PER_PHOTO, Harness
from tests.faults.result import FAULT_FREE, Repaired, Result, check, observe

ALL_CELLS_SECONDS = 600
FEW_CELLS_SECONDS = 180


def photo(shade: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), (shade, 90, 120)).save(file, "PNG")
    return file.getvalue()


def calls(harness: Harness) -> list[tuple[str, str, str]]:
    """Run each scenario without faults and return (scenario, function, action) of every call, in their order."""
    scenarios: dict[tuple[str, str], str] = {}
    for scenario, key in ((UPLOADED, FAULT_FREE), (REJECTED, "not a photo.png"), (DELETED, "deleted again.png")):
        for call in _calls_of(harness, scenario, key):
            scenarios.setdefault(call, scenario)
    return [(scenario, function, action) for (function, action), scenario in scenarios.items()]


def _calls_of(harness: Harness, scenario: str, key: str) -> list[tuple[str, str]]:
    known = len(list(harness.listed()))
    with harness.switched("faults", {"rules": []}):
        _upload(harness, scenario, key, 1)
        harness.wait_for_executions(known + 1, FEW_CELLS_SECONDS)
        _delete(harness, scenario, key)
        harness.wait_for_queues(FEW_CELLS_SECONDS)
        log = harness.state("faults")["log"]
    return [(function, action) for function, action, _fault in log if function]


def _upload(harness: Harness, scenario: str, key: str, uploads: int) -> None:
    for shade in range(uploads):
        harness.upload(key, b"not a photo" if scenario == REJECTED else photo(shade))


def _delete(harness: Harness, scenario: str, key: str) -> None:
    if scenario == DELETED:
        harness.delete(key)


def run(harness: Harness, cells: list[Cell], seconds: float) -> list[Result]:
    """Run all cells at once, each on its own photo; remove the faults, follow the runbook, and check each cell."""
    known = len(list(harness.listed()))
    keys = [f"cell-{known + number:06}.png" for number in range(len(cells))]
    rules = [
        {**cell.rule, "action": cell.action, "function": cell.function, "about": key}
        for key, cell in zip(keys, cells, strict=True)
    ]
    with harness.switched("faults", {"rules": rules}):
        for key, cell in zip(keys, cells, strict=True):
            _upload(harness, cell.scenario, key, cell.uploads)
        harness.wait_for_executions(known + sum(cell.executions for cell in cells), seconds)
        for key, cell in zip(keys, cells, strict=True):
            _delete(harness, cell.scenario, key)
        harness.wait_for_queues(seconds)
    repaired = _follow_the_runbook(harness, seconds)
    observed = observe(harness)
    return [check(harness, observed, cell, key, repaired) for key, cell in zip(keys, cells, strict=True)]


def run_all(harness: Harness, cells: list[Cell]) -> list[Result]:
    """Run all cells of the page. A batch would have the faults of ten cells: all of them together make dead letters."""
    harness.deliver_alone()
    return run(harness, cells, ALL_CELLS_SECONDS)


def _follow_the_runbook(harness: Harness, seconds: float) -> Repaired:
    """Restart failed executions with their input and send dead letters back; return which."""
    ended = [execution for executions in harness.wait_for_executions(0, seconds).values() for execution in executions]
    failed = [execution for execution in ended if execution.status != "SUCCEEDED"]
    for execution in failed:
        harness.restart(execution)
    sent_back = harness.send_dead_letters_back()
    harness.wait_for_executions(len(ended) + len(failed), seconds)
    harness.wait_for_queues(seconds)
    return Repaired(failed, sent_back)


def main() -> None:
    with (
        TemporaryDirectory() as home,
        running(0, Path(home), recognizer="fixed", emulator=FAST, context=ONE_MAIL_PER_PHOTO) as engine,
    ):
        harness = Harness(engine)
        harness.shorten_queue_waits()
        results = run_all(harness, cells_of(calls(harness)))
    matrix_page.FILE.write_text(matrix_page.render(results))
    for result in results:
        for problem in result.problems:
            print(f"{result.cell.function} {result.cell.action}, {result.cell.name}: {problem}")
    print(f"{len(results)} cells, {sum(bool(result.problems) for result in results)} with problems")


if __name__ == "__main__":
    main()
