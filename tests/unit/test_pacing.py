"""DetectLabels calls Rekognition at once, soon, or says when the photo's turn is."""

from typing import Any

import pytest

from detect_labels import pacing
from detect_labels.handler import handler
from detect_labels.pacing import MOST_TURNS, Admitted, Photo, enter, throttled
from imagelabels_shared.aws import client
from imagelabels_shared.errors import ThrottledError
from imagelabels_shared.models import Turn
from imagelabels_shared.turns import item
from imagelabels_shared.turns.item import ATTEMPTS
from imagelabels_shared.turns.schedule import Lane, Limit
from tests import resources
from tests.clock import Clock
from tests.lambda_context import Context
from tests.pictures import picture
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES
from tests.unit.samples import EXECUTION, image

NOON = 1_795_608_000.0
FIVE = Limit(5.0, 0.8)
BETWEEN = FIVE.between_turns(Lane.LIVE) / 1e6
NEW = Photo(Lane.LIVE, None, can_wait=True)


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:  # noqa: ARG001  # the fixture's effect
    """A clock at noon; the claims table is empty."""
    resources.create_tables()
    clock = Clock(NOON)
    monkeypatch.setattr(pacing, "time", clock)
    return clock


@pytest.fixture
def writes() -> list[str]:
    """The condition of each update of the item, once it is asked for."""
    made: list[str] = []
    events = client("dynamodb", ATTEMPTS).meta.events
    events.register("provide-client-params.dynamodb.UpdateItem", lambda params, **_: made.append(params))
    return made


def wait_of(entered: Admitted | Turn) -> Turn:
    assert not isinstance(entered, Admitted)
    return entered


def test_a_photo_alone_calls_at_once_after_two_updates(clock: Clock, writes: list[str]) -> None:
    entered = enter(NEW, FIVE)
    assert isinstance(entered, Admitted)
    assert entered.turn == {"wait": False, "at": "2026-11-25T12:00:00.000Z", "before": 0, "number": 1}
    assert clock.slept == []
    assert len(writes) == 2


def test_one_that_comes_just_after_sleeps_and_later_ones_wait(clock: Clock, writes: list[str]) -> None:
    enter(NEW, FIVE)
    assert isinstance(enter(NEW, FIVE), Admitted)
    assert sum(clock.slept) == pytest.approx(BETWEEN, abs=0.01)
    clock.now = NOON
    for _ in range(8):
        item.take(Lane.LIVE, FIVE, pacing.microseconds())
    before = len(writes)
    turn = wait_of(enter(NEW, FIVE))
    assert turn == {"wait": True, "at": "2026-11-25T12:00:02.040Z", "before": 10, "number": 1}
    assert len(writes) == before + 1, "while others wait, a turn is one update"


def test_a_photo_whose_turn_has_come_is_admitted_and_an_early_one_waits_on(clock: Clock) -> None:
    turn = Turn(wait=True, at="2026-11-25T12:00:10.500Z", before=50, number=1)
    held = NEW._replace(held=turn)
    assert enter(held, FIVE) == turn
    clock.now = NOON + 10
    entered = enter(held, FIVE)
    assert isinstance(entered, Admitted)
    assert not entered.turn["wait"]
    assert sum(clock.slept) == pytest.approx(0.5)


def test_who_comes_late_and_finds_no_room_takes_another_turn(clock: Clock) -> None:
    """After an outage hundreds wake at once; they come one after the other."""
    clock.now = NOON + 60
    held = NEW._replace(held=Turn(wait=True, at="2026-11-25T12:00:00.000Z", before=50, number=1))
    ends = []
    for _ in range(20):
        clock.now = NOON + 60
        ends.append(enter(held, FIVE))
    admitted = [end for end in ends if isinstance(end, Admitted)]
    assert len(admitted) == 10
    assert {wait_of(end)["number"] for end in ends[10:]} == {2}
    assert wait_of(ends[-1])["at"] > "2026-11-25T12:01:02"


def test_a_throttled_photo_takes_a_later_turn_and_the_calls_slow_down() -> None:
    entered = enter(NEW, FIVE)
    assert isinstance(entered, Admitted)
    turn = throttled(NEW, entered, FIVE, "slow down")
    assert (turn["wait"], turn["at"], turn["number"]) == (True, "2026-11-25T12:00:01.000Z", 2)
    interval = item.admit(Lane.LIVE, FIVE, pacing.microseconds()).schedule.interval
    assert interval == round(FIVE.between_calls / 0.9)


def test_a_photo_that_was_throttled_too_often_is_left_to_the_retry() -> None:
    entered = enter(NEW, FIVE)
    assert isinstance(entered, Admitted)
    tired = entered._replace(turn={**entered.turn, "number": MOST_TURNS})
    with pytest.raises(ThrottledError, match=r"slow down This photo has had 500 turn\(s\)"):
        throttled(NEW, tired, FIVE, "slow down")


def test_an_execution_of_an_earlier_release_calls_if_there_is_room_else_its_retry_waits(clock: Clock) -> None:
    photo = Photo.of({"execution": EXECUTION, "image": image()})
    assert not photo.can_wait
    ends = []
    for _ in range(10):
        clock.now = NOON
        ends.append(enter(photo, FIVE))
    assert {type(end) for end in ends} == {Admitted}
    clock.now = NOON
    with pytest.raises(ThrottledError, match="no room"):
        enter(photo, FIVE)


def test_the_lane_is_in_the_input() -> None:
    assert Photo.of({"input": {"lane": "backfill"}, "state": {}}).lane is Lane.BACKFILL
    for other in ({"lane": "live"}, {"lane": ["backfill"]}, {}, "backfill", None):
        assert Photo.of({"input": other, "state": {}}).lane is Lane.LIVE


def test_the_handler_answers_a_turn_with_the_fields_of_an_answer(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKOGNITION_PER_SECOND", "0.5")
    resources.create_buckets()
    version = boto_put(picture())
    event: dict[str, Any] = {"execution": EXECUTION, "image": image(versionId=version), "input": {}, "state": {}}
    first, second = handler(event, Context()), handler(event, Context())
    assert first["turn"]["wait"] is False
    assert second["turn"]["wait"] is True
    assert set(first) == set(second)
    assert (second["labels"], second["answer"]) == ([], None)
    # At its turn the state has what was answered.
    clock.now = NOON + 2
    third = handler({**event, "state": {"detection": second}}, Context())
    assert (third["turn"]["wait"], third["labels"]) == (False, first["labels"])
    refuse(client("rekognition"), "DetectLabels", refusal("ThrottlingException", 400, "DetectLabels"))
    clock.now = NOON + 60
    assert handler(event, Context())["turn"]["number"] == 2


def boto_put(body: bytes) -> str:
    return str(client("s3").put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=body)["VersionId"])
