"""When DetectLabels may call Rekognition: at once, soon, or at a turn for which the execution waits."""

import time
from datetime import datetime
from typing import Any, NamedTuple

from imagelabels_shared import timestamps
from imagelabels_shared.errors import ThrottledError
from imagelabels_shared.execution_input import lane
from imagelabels_shared.models import Turn
from imagelabels_shared.observability import count
from imagelabels_shared.turns import item
from imagelabels_shared.turns.schedule import SECOND, Lane, Limit, Schedule

MILLISECOND = 1000
# The function sleeps until a turn that is nearer than this.
NEAR = SECOND
# A throttled photo takes a turn that is later than this: an API that counts by seconds has a new one then.
AFTER_THROTTLE = SECOND
# Each turn has nine of the 25,000 events that an execution may have.
MOST_TURNS = 500


class Admitted(NamedTuple):
    """A call that may be made now: the turn that it had, and the schedule as it was then."""

    turn: Turn
    schedule: Schedule


class Photo(NamedTuple):
    """What a state's payload says of a photo's turn. An execution of an earlier release cannot wait for one."""

    lane: Lane
    held: Turn | None
    can_wait: bool

    @classmethod
    def of(cls, event: dict[str, Any]) -> "Photo":
        held = event.get("state", {}).get("detection", {}).get("turn")
        return cls(lane(event.get("input")), held, "state" in event)


def enter(photo: Photo, limit: Limit) -> Admitted | Turn:
    """Sleep until the time of the call, or return the turn to wait for.

    Raises ThrottledError when no call is possible and the execution cannot wait; and what `aws_call` raises.
    """
    now = microseconds()
    turn = photo.held or _turn(now, now, 1, photo.lane, limit)
    if photo.held is None and photo.can_wait:
        taken = item.take(photo.lane, limit, now)
        turn = _turn(taken.at, now, 1, photo.lane, limit)
        if taken.admitted:
            return _admitted(turn, taken.schedule, limit)
    at = _at(turn)
    if at - now > NEAR:
        return turn
    sleep_until(at)
    update = item.admit(photo.lane, limit, microseconds())
    if not update.done:
        return another(
            photo, turn, limit, update.schedule.busy_until(photo.lane), "Rekognition has no room for a call."
        )
    sleep_until(item.call_of(update, limit))
    return _admitted(turn, update.schedule, limit)


def throttled(photo: Photo, admitted: Admitted, limit: Limit, cause: str) -> Turn:
    """Slow down, and return another turn for a photo that Rekognition throttled. Raises as `another` does."""
    now = microseconds()
    item.slow_down(admitted.schedule, limit, now)
    return another(photo, admitted.turn, limit, now + AFTER_THROTTLE, cause)


def another(photo: Photo, turn: Turn, limit: Limit, begin: int, cause: str) -> Turn:
    """Return another turn, after `begin`.

    Raises ThrottledError with the `cause` when the execution cannot wait, or had MOST_TURNS.
    """
    if not photo.can_wait or turn["number"] >= MOST_TURNS:
        raise ThrottledError(f"{cause} This photo has had {turn['number']} turn(s).")
    now = microseconds()
    return _turn(item.take(photo.lane, limit, now, begin).at, now, turn["number"] + 1, photo.lane, limit)


def _admitted(turn: Turn, schedule: Schedule, limit: Limit) -> Admitted:
    item.speed_up(schedule, limit, microseconds())
    # Calls a second: the dashboard shows when the schedule is slower than the setting.
    count("RekognitionRate", limit.per_second * limit.between_calls / (schedule.interval or limit.between_calls))
    return Admitted({**turn, "wait": False, "before": 0}, schedule)


def _turn(at: int, now: int, number: int, in_lane: Lane, limit: Limit) -> Turn:
    before = max(0, at - now) // limit.between_turns(in_lane)
    text = timestamps.timestamp(timestamps.of_epoch(at // MILLISECOND))
    return Turn(wait=True, at=text, before=before, number=number)


def _at(turn: Turn) -> int:
    return round(datetime.fromisoformat(turn["at"]).timestamp() * SECOND)


def microseconds() -> int:
    """Return the time in microseconds since 1970."""
    return round(time.time() * SECOND)


def sleep_until(moment: int) -> None:
    """Sleep until a time in microseconds since 1970."""
    time.sleep(max(0, moment - microseconds()) / SECOND)
