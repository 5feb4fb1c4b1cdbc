"""Turns: never more calls than the rate, no time lost while somebody waits, whatever clocks, deaths and losses do."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagelabels_shared.turns import item
from imagelabels_shared.turns.schedule import (
    CALLS_PACE,
    PATIENCE,
    SECOND,
    TURNS_PACE,
    Lane,
    Limit,
    Schedule,
    faster,
    slower,
)
from tests import resources

START = 1_795_000_000 * SECOND
SKEW = 2 * SECOND
LIMITS = st.builds(Limit, st.sampled_from([0.5, 5.0, 50.0]), st.sampled_from([0.5, 0.8, 1.0]))
# Seconds between two arrivals: none in a burst.
PAUSES = st.lists(st.sampled_from([0, 0, 0, 1, 50, 400, 5_000]).map(lambda ms: ms * 1000), min_size=1, max_size=60)
SKEWS = st.lists(st.integers(-SKEW // 2, SKEW // 2), min_size=60, max_size=60)


def most_in_a_window(times: list[int], window: int) -> int:
    """Return the most times that lie in one window, which is open at its end."""
    ordered, most, first = sorted(times), 0, 0
    for number, time in enumerate(ordered):
        while ordered[first] <= time - window:
            first += 1
        most = max(most, number - first + 1)
    return most


def allowed(limit: Limit, window: int) -> float:
    return window * limit.per_second / SECOND + 1


class Photos:
    """Photos that come, wait and call, on one schedule; those of the numbers `dies` take a turn in vain first.

    `lose` is asked before each step whether the item is lost.
    """

    def __init__(self, limit: Limit, lose: Callable[[], bool] = lambda: False) -> None:
        self.limit, self.schedule, self.lose = limit, Schedule(), lose
        self.dies: set[int] = set()
        self.turns: list[int] = []
        self.calls: list[int] = []

    def _before(self) -> None:
        if self.lose():
            self.schedule = Schedule()

    def arrive(self, now: int, lane: Lane = Lane.LIVE) -> int:
        self._before()
        turn = self.schedule.take(lane, self.limit, now)
        self.turns.append(turn)
        return turn

    def call(self, now: int, lane: Lane = Lane.LIVE) -> int | None:
        """Call at a turn; return the time of the next turn when there is no room."""
        self._before()
        time = self.schedule.admit(lane, self.limit, now)
        if time is None:
            return self.schedule.take(lane, self.limit, max(now, self.schedule.busy_until(lane)))
        self.calls.append(time)
        return None

    def run(self, arrivals: list[int], skews: list[int], late: list[int] | None = None) -> None:
        """Let photos arrive and each call at its turn by its own clock, `late` by so much, until all have called."""
        waiting = []
        for number, at in enumerate(arrivals):
            if number in self.dies:
                self.arrive(at + skews[number])
            turn = max(self.arrive(at + skews[number]), at)
            waiting.append((turn + (late[number] if late else 0), skews[number]))
        waiting.sort()
        while waiting:
            turn, skew = waiting.pop(0)
            if (again := self.call(turn)) is not None:
                waiting = sorted([*waiting, (again, skew)])


def arrivals_of(pauses: list[int]) -> list[int]:
    return [START + sum(pauses[: number + 1]) for number in range(len(pauses))]


@given(LIMITS, PAUSES, SKEWS, st.lists(st.integers(0, 90 * SECOND), min_size=60, max_size=60))
def test_calls_never_come_faster_than_the_rate(
    limit: Limit, pauses: list[int], skews: list[int], late: list[int]
) -> None:
    """In any window, with clocks 2 s apart, and with photos that wake up to 90 s late."""
    photos = Photos(limit)
    photos.run(arrivals_of(pauses), skews, late)
    assert len(photos.calls) == len(pauses)
    for window in (SECOND, 10 * SECOND, 60 * SECOND):
        assert most_in_a_window(photos.calls, window) <= allowed(limit, window)


@given(LIMITS, PAUSES)
def test_no_time_is_lost_while_somebody_waits(limit: Limit, pauses: list[int]) -> None:
    """A turn that is later than its photo follows the turn before it at once, and everybody is admitted at his turn."""
    photos = Photos(limit)
    arrivals = arrivals_of(pauses)
    photos.run(arrivals, [0] * len(arrivals))
    between = limit.between_turns(Lane.LIVE)
    for number, (arrival, turn) in enumerate(zip(arrivals, photos.turns, strict=True)):
        assert turn == arrival or turn == photos.turns[number - 1] + between
    assert photos.calls == sorted(photos.turns)


@given(LIMITS, PAUSES, SKEWS)
def test_a_clock_that_is_wrong_costs_no_more_than_it_is_wrong(
    limit: Limit, pauses: list[int], skews: list[int]
) -> None:
    arrivals = arrivals_of(pauses)
    right, wrong = Photos(limit), Photos(limit)
    right.run(arrivals, [0] * len(arrivals))
    wrong.run(arrivals, skews)
    assert max(wrong.calls) <= max(right.calls) + SKEW


@given(LIMITS, PAUSES, st.sets(st.integers(0, 59)))
def test_a_function_that_dies_between_turn_and_call_costs_its_turn_alone(
    limit: Limit, pauses: list[int], dead: set[int]
) -> None:
    """Step Functions repeats the state: the photo takes another turn, or comes late with the one it waited for."""
    arrivals = arrivals_of(pauses)
    photos, whole = Photos(limit), Photos(limit)
    whole.run(arrivals, [0] * len(arrivals))
    lost = dead & set(range(len(arrivals)))
    for number in lost:
        photos.dies.add(number)
    photos.run(arrivals, [0] * len(arrivals))
    assert max(photos.calls) <= max(whole.calls) + len(lost) * limit.between_turns(Lane.LIVE)
    assert most_in_a_window(photos.calls, 10 * SECOND) <= allowed(limit, 10 * SECOND)


@given(LIMITS, PAUSES, st.integers(0, 59))
def test_a_lost_item_costs_one_burst_of_those_who_were_admitted(limit: Limit, pauses: list[int], lost_at: int) -> None:
    """Who had been admitted calls within PATIENCE; everybody else is admitted by the new item."""
    steps = iter(range(1_000_000))
    photos = Photos(limit, lose=lambda: next(steps) == lost_at)
    photos.run(arrivals_of(pauses), [0] * len(pauses))
    assert len(photos.calls) == len(pauses)
    assert most_in_a_window(photos.calls, 10 * SECOND) <= allowed(limit, 10 * SECOND) + allowed(limit, PATIENCE)


def test_a_live_photo_does_not_wait_behind_a_backfill() -> None:
    """A thousand of a backfill wait; a live photo has its turn at once, and its call within a second."""
    photos = Photos(Limit(5, 0.8))
    turns = [photos.arrive(START, Lane.BACKFILL) for _ in range(1000)]
    assert turns[-1] > START + 200 * SECOND
    for at in (turn for turn in turns if turn < START + 60 * SECOND):
        assert photos.call(at, Lane.BACKFILL) is None
    live = START + 60 * SECOND
    assert photos.arrive(live) == live
    assert photos.call(live) is None
    assert photos.calls[-1] < live + SECOND


def test_a_backfill_calls_only_when_no_live_photo_waits() -> None:
    photos = Photos(Limit(5, 0.8))
    live = [photos.arrive(START) for _ in range(100)]
    refused = photos.call(START, Lane.BACKFILL)
    assert refused is not None
    assert refused > live[-1]
    assert photos.call(live[0]) is None
    assert photos.call(refused, Lane.BACKFILL) is None


def test_a_backfill_alone_has_its_share() -> None:
    limit = Limit(50, 0.8)
    assert limit.between_turns(Lane.BACKFILL) == round(limit.between_turns(Lane.LIVE) / 0.8)
    assert SECOND / limit.between_turns(Lane.LIVE) == pytest.approx(50 * TURNS_PACE, rel=1e-3)
    assert SECOND / limit.between_calls == pytest.approx(50 * CALLS_PACE, rel=1e-3)


def test_the_rate_falls_by_a_part_and_comes_back_by_steps() -> None:
    limit = Limit(50)
    full = limit.between_calls
    slow = slower(full, limit)
    assert full / slow == pytest.approx(1 - 1 / 50, rel=1e-3)
    assert slower(1000, Limit(5)) == round(1000 / 0.9)
    for _ in range(200):
        slow = slower(slow, limit)
    assert full / slow == pytest.approx(0.1, rel=1e-3)
    assert full / faster(slow, limit, 5 * SECOND) == pytest.approx(0.2, rel=1e-2)
    assert faster(slow, limit, 100 * SECOND) == full
    assert faster(full // 2, limit, 0) == full


@pytest.fixture
def table(aws: None) -> Any:  # noqa: ARG001  # the fixture's effect
    """The claims table."""
    resources.create_tables()
    return boto3.resource("dynamodb").Table(resources.CLAIMS)


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["take", "admit", "slow", "fast"]), st.sampled_from(Lane), st.integers(-3, 30 * SECOND)),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=LIMITS, actions=ACTIONS)
def test_the_item_follows_the_rule(table: Any, limit: Limit, actions: list[tuple[str, Lane, int]]) -> None:
    """The updates of DynamoDB and the rule say the same after any actions, at times that go on or stand still."""
    table.delete_item(Key={"id": item.DETECT_LABELS})
    schedule, now = Schedule(), START
    for action, lane, passed in actions:
        now += passed
        if action == "take":
            taken = item.take(lane, limit, now)
            assert taken.at == schedule.take(lane, limit, now)
            if taken.admitted:
                assert schedule.admit(lane, limit, now) == now
        elif action == "admit":
            update = item.admit(lane, limit, now)
            expected = schedule.admit(lane, limit, now)
            assert (item.call_of(update, limit) if update.done else None) == expected
        else:
            seen = Schedule(**vars_of(schedule))
            (item.slow_down if action == "slow" else item.speed_up)(seen, limit, now)
            adjust(schedule, limit, now, slow=action == "slow")
        stored = table.get_item(Key={"id": item.DETECT_LABELS}).get("Item", {})
        assert {name: int(value) for name, value in stored.items() if name != "id"} == {
            name: value for name, value in vars_of(schedule).items() if value
        }


def vars_of(schedule: Schedule) -> dict[str, int]:
    return {name: getattr(schedule, name) for name in Schedule.__slots__}


def adjust(schedule: Schedule, limit: Limit, now: int, *, slow: bool) -> None:
    passed, full = now - schedule.adjusted_at, limit.between_calls
    if not slow and (passed < SECOND or schedule.interval in {0, full}):
        return
    interval = faster(schedule.interval or full, limit, passed)
    schedule.interval = slower(interval, limit) if slow else interval
    schedule.adjusted_at = now


def test_another_function_that_comes_in_between_gets_another_turn(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw that nobody waits."""
    table.delete_item(Key={"id": item.DETECT_LABELS})
    limit, update = Limit(5), item._update  # noqa: SLF001  # the place where another function comes in between
    turns: list[int] = []

    def interrupted(assign: str, condition: str, **numbers: int) -> item.Update:
        if "attribute_not_exists" in condition and not turns:
            turns.append(-1)
            turns.append(item.take(Lane.LIVE, limit, START).at)
        return update(assign, condition, **numbers)

    monkeypatch.setattr(item, "_update", interrupted)
    assert item.take(Lane.LIVE, limit, START).at == START + limit.between_turns(Lane.LIVE)
    assert turns == [-1, START]
