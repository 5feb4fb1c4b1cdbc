"""docs/scale.md is what the simulation says, and the simulation says that turns keep the rate and lose no time."""

import re

import pytest

from imagelabels_shared.turns.schedule import Lane
from tools.simulation.crowd import Crowd, Result, Scenario
from tools.simulation.page import CASES, PAGE, Case, rows
from tools.simulation.quotas import Bucket, Quotas
from tools.simulation.workflow import workflow

TEXT = PAGE.read_text()
SHORT = [case for case in CASES if case.scenario.photos <= 10_000 and case.scenario.turns]
LONG_ROW = re.compile(
    r"^\| (10,000|100,000|1,000,000|10,000,000) [^|]*\| 50/s \| [^|]+ \| [^|]+ \| ([\d.]+) \| ([\d.]+) \| (\d+)",
    re.MULTILINE,
)


@pytest.mark.parametrize("case", SHORT, ids=lambda case: f"{case.words} at {case.scenario.quotas.rekognition:g}")
def test_the_page_has_what_the_simulation_says(case: Case) -> None:
    ((row, _result),) = rows([case])
    assert row in TEXT


def test_from_ten_thousand_to_ten_million_photos_little_time_is_lost_and_no_photo() -> None:
    found: dict[str, tuple[float, float, int]] = {}
    for photos, of_ideal, calls, failed in LONG_ROW.findall(TEXT):
        found.setdefault(photos, (float(of_ideal), float(calls), int(failed)))
    assert list(found) == ["10,000", "100,000", "1,000,000", "10,000,000"]
    assert all(of_ideal <= 1.05 and calls <= 1.05 and failed == 0 for of_ideal, calls, failed in found.values())


def run(**more: object) -> Result:
    scenario: dict[str, object] = {"photos": 500, "quotas": Quotas(rekognition=20)}
    return Crowd(Scenario(**{**scenario, **more})).run()  # type: ignore[arg-type]  # a test's own fields


def test_without_turns_it_is_worse() -> None:
    with_turns, without = run(), run(turns=False)
    assert with_turns.calls < 1.05 * 500 < 2 * 500 < without.calls
    assert with_turns.makespan < without.makespan


def test_a_live_photo_does_not_wait_behind_a_backfill() -> None:
    result = run(lane=Lane.BACKFILL, share=0.8, at_once=200, live_every=2.0)
    assert result.longest_live < 2
    assert result.labelled == 500


def test_a_photo_whose_retries_are_over_fails_and_one_that_never_starts_is_undelivered() -> None:
    """The simulation can say so: an item that takes no writes, and EventBridge that gives up at once."""
    assert run(photos=5, quotas=Quotas(item_writes=0.0001)).failed == 5
    assert run(quotas=Quotas(start_bucket=1, start_rate=1, delivery_seconds=10)).undelivered == 489


def test_the_definition_gives_transitions_and_retries() -> None:
    found = workflow()
    assert (found.before, found.of_wait, found.after) == (5, 3, 4)
    assert [found.delay(retries) for retries in (0, 1, 50)] == [2, 4, 300]


def test_a_bucket_gives_what_it_has_and_fills_again() -> None:
    bucket = Bucket(2, 4)
    assert [bucket.take(0.0) for _ in range(5)] == [True, True, True, True, False]
    assert bucket.take(0.5)
    assert bucket.delay(0.5, 3) == pytest.approx(1.5)
