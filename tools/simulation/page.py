"""The scenarios, and docs/scale.md with what came out of each."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from imagelabels.paths import ROOT
from imagelabels_shared import costs, prices
from imagelabels_shared.turns.schedule import Lane
from tools.simulation.crowd import Crowd, Result, Scenario
from tools.simulation.quotas import Quotas

PAGE = ROOT / "docs" / "scale.md"
AT_FIVE = Quotas(rekognition=5)
# What a person asks AWS for who expects a thousand photos a second, and every function so that the item is what holds.
QUICK_STARTS = Quotas(start_bucket=1000, start_rate=1000, transition_bucket=20_000, transition_rate=20_000)
# How many executions a Distributed Map of a backfill runs at once in these scenarios.
BACKFILL_AT_ONCE = 1000


class Case(NamedTuple):
    """One row: what happens, in words."""

    words: str
    scenario: Scenario


CASES = [
    Case("150 at once", Scenario(photos=150, quotas=AT_FIVE)),
    Case("10,000 at once", Scenario(photos=10_000, quotas=AT_FIVE)),
    Case("10,000 at once", Scenario(photos=10_000)),
    Case("100,000 at once", Scenario(photos=100_000)),
    Case("1,000,000 at once", Scenario(photos=1_000_000)),
    Case(
        "10,000,000 in a backfill that has the whole rate",
        Scenario(photos=10_000_000, lane=Lane.BACKFILL, at_once=BACKFILL_AT_ONCE),
    ),
    Case(
        "10,000 in a backfill with its share of 0.8, and a live photo every 5 s",
        Scenario(photos=10_000, lane=Lane.BACKFILL, share=0.8, at_once=BACKFILL_AT_ONCE, live_every=5),
    ),
    Case(
        "10,000 at once, and others take 40 % of the rate for a minute", Scenario(photos=10_000, others=(0.4, 30, 90))
    ),
    Case("60,000 at 1,000 starts a second", Scenario(photos=60_000, quotas=QUICK_STARTS)),
    Case(
        "10,000 at once, and a limiter that lets nothing through at once",
        Scenario(photos=10_000, quotas=replace(Quotas(), rekognition_burst=0)),
    ),
    Case("10,000 at once, without turns", Scenario(photos=10_000, turns=False)),
]
NOTHING, USE_BACKFILL = "nothing", "nothing: use a backfill, which starts few at a time"
LIMITS = (
    ("limit", "default", "what it does", "ask AWS for"),
    ("---",) * 4,
    ("Rekognition, DetectLabels a second", "5 to 50, by region", "sets the makespan", "more; deploy again then"),
    ("StartExecution", "1,300, then 300 a second", "EventBridge delivers later, for 24 hours", NOTHING),
    ("state transitions", "5,000, then 1,500 a second", "states begin later", "more, for over 100 photos a second"),
    ("open executions", "1,000,000", "photos after a million start later", USE_BACKFILL),
    ("an execution's two days", "8.6 million photos at 50 a second, 860,000 at 5", "it times out", USE_BACKFILL),
    ("EventBridge's 24 hours", "fixed", "the event becomes a dead letter of `UndeliveredIntake`", USE_BACKFILL),
    ("writes of one DynamoDB item", "about 1,000 a second", "a turn is taken seconds later", NOTHING),
    ("functions at a time", "1,000; new accounts have fewer", "a photo waits in a Retry", "1,000, in a new account"),
)
HEAD = """# A library of photos

`make simulate` writes this page: a discrete-event simulation (`tools/simulation/`) with the rule of turns and the
definition that are deployed, and with AWS's default quotas in us-east-1. Times of AWS's services are estimates. A test
compares the short scenarios with this page.

A photo takes its turn before DetectLabels calls Rekognition ([how](retries.md#turns)). `ideal` is the number of photos
divided by the rate; `calls` are Rekognition's, throttled ones included; `cost` is in US dollars with 20 labels a photo.

| photos | rate | ideal | makespan | of ideal | calls a photo | failed | transitions a photo | cost |
|---|---|---|---|---|---|---|---|---|
"""


def rows(cases: list[Case]) -> Iterator[tuple[str, Result]]:
    """Run the cases; yield each one's row of the table with its result."""
    for words, scenario in cases:
        result = Crowd(scenario).run()
        yield row(words, scenario, result), result


def row(words: str, scenario: Scenario, result: Result) -> str:
    photos, rate = scenario.photos, scenario.quotas.rekognition
    ideal = photos / rate
    cells = (
        words,
        f"{rate:g}/s",
        _time(ideal),
        _time(result.makespan),
        f"{result.makespan / ideal:.2f}",
        f"{result.calls / photos:.2f}",
        f"{result.failed + result.undelivered:,}",
        f"{result.transitions / photos:.1f}",
        f"{cost(photos, result):,.2f}",
    )
    return f"| {' | '.join(cells)} |\n"


def cost(photos: int, result: Result) -> float:
    """Return US dollars: what each photo costs alone, and what waiting and throttling add."""
    more = (
        (prices.STATE_TRANSITION, result.transitions - photos * costs.TRANSITIONS),
        (prices.FUNCTION_REQUEST, result.invocations - 2 * photos),
        (prices.WRITE_REQUEST_UNIT, result.writes - photos * costs.TURN_WRITES),
    )
    return photos * costs.total(costs.of_photo()) + sum(price.each * amount for price, amount in more)


def _time(seconds: float) -> str:
    minute, hour = 60, 3600
    if seconds >= 10 * hour:
        return f"{seconds / hour:.1f} h"
    return f"{seconds / minute:.1f} min" if seconds >= 10 * minute else f"{seconds:.0f} s"


def page(cases: list[Case]) -> str:
    """Return the page as Markdown; it takes minutes."""
    found = list(rows(cases))
    by_words = {case.words: result for case, (_row, result) in zip(cases, found, strict=True)}
    return HEAD + "".join(text for text, _result in found) + _notes(by_words)


def _notes(found: dict[str, Result]) -> str:
    lanes = next(result for words, result in found.items() if "live photo" in words)
    others = next(result for words, result in found.items() if "others take" in words)
    starts = next(result for words, result in found.items() if "starts a second" in words)
    million = next(result for words, result in found.items() if words.startswith("1,000,000"))
    limits = "".join(f"| {' | '.join(cells)} |\n" for cells in LIMITS)
    in_order = sorted(million.limits.items(), key=lambda one: one[1])
    held = ", ".join(f"{limit} after {_time(at)}" for limit, at in in_order)
    return f"""
- **Two lanes.** While the backfill runs, the live photo that waited longest was labelled {lanes.longest_live:.1f} s
  later than usual. A backfill of its share of 0.8 takes 1 / 0.8 of the time; `backfillShare=1` gives it the whole rate.
- **Others in the account.** Rekognition throttles some calls in spite of their turns. The schedule slows down (to
  {others.slowest_rate:.0f} a second) and recovers by itself; the throttled photos take another turn.
- **The item of turns.** DynamoDB takes about 1,000 writes a second of one item. At 1,000 starts a second it refused
  {starts.throttled_writes:,} of {starts.writes + starts.throttled_writes:,} writes; botocore repeated them within
  seconds, Step Functions {starts.retries:,} of them. The item gives turns many times faster than Rekognition takes
  photos, so no time is lost ([why there are no shards](decisions/2026-11-25-turns.md)).
- **A limiter without a burst** punishes that calls take different times on their way: the schedule finds the rate at
  which few are throttled. AWS publishes no number for Rekognition's burst; the other rows assume a second's worth.

## What is reached first

For a million photos at once: {held}.

{limits}"""


def main() -> None:
    PAGE.write_text(page(CASES))
