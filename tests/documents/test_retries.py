"""docs/retries.md gives the numbers that the definition has."""

import re

from imagelabels.paths import ROOT
from infra.definition import definition

PAGE = (ROOT / "docs" / "retries.md").read_text()
STATES = definition()["States"]
NUMBERS = re.compile(r"\| (\d+) s \| (\d+) \| (\d+) s \| (\d+) \|$", re.MULTILINE)


def test_each_retry_of_the_definition_is_on_the_page() -> None:
    retriers = [retrier for state in STATES.values() for retrier in state.get("Retry", [])]
    fields = ("IntervalSeconds", "BackoffRate", "MaxDelaySeconds", "MaxAttempts")
    written = {tuple(int(number) for number in row) for row in NUMBERS.findall(PAGE)}
    assert {tuple(retrier[field] for field in fields) for retrier in retriers} == written


def test_the_longest_throttle_is_the_one_that_the_page_adds_up() -> None:
    (throttle,) = [one for one in STATES["DetectLabels"]["Retry"] if "ThrottledError" in one["ErrorEquals"]]
    waits = [min(2**attempt, throttle["MaxDelaySeconds"]) for attempt in range(1, throttle["MaxAttempts"] + 1)]
    assert f"{sum(waits) / 3600:.1f} hours at most" in PAGE
    assert f"{sum(waits) / 7200:.1f} hours on\n  average" in PAGE
