"""A photo whose turn is later waits in its own state, and is labelled then."""

from typing import Any

import pytest
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp

from detect_labels import pacing
from imagelabels_shared.aws import client
from imagelabels_shared.turns.item import DETECT_LABELS
from tests.clock import Clock
from tests.pictures import picture
from tests.workflow.branches import LABELLED_PATH
from tests.workflow.machine import IMAGES, Machine

NOON = 1_795_608_000.0
WAIT = ["DetectLabels", "NeedsToWait", "WaitForTurn"]


@pytest.fixture
def clock(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """One call in two seconds, by a clock that goes on while a Wait state waits; it cuts times to whole seconds."""
    client("dynamodb").delete_item(TableName="claims", Key={"id": {"S": DETECT_LABELS}})
    monkeypatch.setenv("REKOGNITION_PER_SECOND", "0.5")
    clock = Clock(NOON)
    monkeypatch.setattr(pacing, "time", clock)

    def wait(state: Timestamp, env: Any) -> None:
        state.string.eval(env=env)
        until = Timestamp._from_timestamp_string(env.stack.pop())  # noqa: SLF001  # moto's own
        assert until is not None
        clock.now = max(clock.now, (until - until.utcfromtimestamp(0)).total_seconds())

    monkeypatch.setattr(Timestamp, "_eval_body", wait)
    assert machine
    return clock


def test_the_second_photo_waits_for_its_turn(machine: Machine, clock: Clock) -> None:
    machine.put("photo.jpg", picture())
    first, second = (machine.run({"bucket": IMAGES, "key": "photo.jpg"}) for _ in range(2))
    assert first.states == LABELLED_PATH
    at = LABELLED_PATH.index("DetectLabels")
    assert second.states == [*LABELLED_PATH[:at], *WAIT, *LABELLED_PATH[at:]]
    assert second.status == "SUCCEEDED"
    assert clock.now == pytest.approx(NOON + 2.04, abs=0.01)
    assert machine.faults.attempts["DetectLabels"] == 3


def test_an_error_after_the_wait_is_the_one_of_detect_labels(machine: Machine, clock: Clock) -> None:
    """The report names the state that failed, although the turn is in its place."""
    assert clock
    machine.put("photo.jpg", picture())
    machine.run({"bucket": IMAGES, "key": "photo.jpg"})
    machine.reports()
    strike = machine.faults.strike
    seen: list[str] = []

    def fail_the_second_time(state: str) -> None:
        seen.append(state)
        if seen.count("DetectLabels") == 2:
            machine.faults.always("DetectLabels", "BrokenError")
        strike(state)

    machine.faults.strike = fail_the_second_time  # type: ignore[method-assign]  # of this machine alone
    execution = machine.run({"bucket": IMAGES, "key": "photo.jpg"})
    assert (execution.status, execution.error) == ("FAILED", "BrokenError")
    assert "DetectLabels" in str(machine.reports())
