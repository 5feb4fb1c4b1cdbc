"""The rule of turns: a virtual schedule for an API that takes so many calls a second (GCRA, ITU-T I.371).

Who wants to call takes a turn in its lane, which is a time, and waits until then. At its turn it is admitted, which
gives the time of its call: a second schedule, of calls, keeps them apart whatever happened between turn and call. A
call that comes late, twice or without a turn is admitted later, or not at all.

Times are in microseconds since 1970. `imagelabels_shared.turns.item` applies this rule to an item of DynamoDB;
`tools/simulation` applies it to millions of photos.
"""

from dataclasses import dataclass
from enum import StrEnum

SECOND = 1_000_000
# Turns are a little slower than calls, so that calls that come late find room. Calls are a little slower than the
# limit, so that the way to the API, which takes a different time for each call, brings no two calls too near.
TURNS_PACE, CALLS_PACE = 0.98, 0.99
# A call is admitted if it can be made within this time; a function sleeps until then.
PATIENCE = 2 * SECOND
# Additive increase, multiplicative decrease: each throttle takes a part of the rate, the part of one call in a second
# but no more than MOST_DECREASE, and each second gives back INCREASE of the full rate. So a throttle now and then costs
# nothing, and half the rate goes within a second when half of the calls are throttled. LEAST of the full rate stays.
MOST_DECREASE, INCREASE, LEAST = 0.1, 0.02, 0.1


def photos_per_second(detect_labels: float, custom_labels: float = 0) -> float:
    """Return the rate of the turns for the rates of both APIs, each of which each photo calls once; 0 is no limit."""
    return min(rate for rate in (detect_labels, custom_labels) if rate)


class Lane(StrEnum):
    """LIVE has the whole rate, BACKFILL what LIVE leaves of it."""

    LIVE = "live"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class Limit:
    """What the API allows: calls a second, and the share of them that BACKFILL has when LIVE has nothing to do."""

    per_second: float
    backfill_share: float = 1.0

    def between_turns(self, lane: Lane) -> int:
        """Return the time between two turns of a lane."""
        share = self.backfill_share if lane is Lane.BACKFILL else 1.0
        return round(SECOND / (self.per_second * TURNS_PACE * share))

    @property
    def between_calls(self) -> int:
        """The time between two calls, as long as the API throttles nobody."""
        return round(SECOND / (self.per_second * CALLS_PACE))


@dataclass(slots=True)
class Schedule:
    """`live_at` and `backfill_at` are the next free turns of the lanes, `call_at` that of the calls.

    `interval` is the time between two calls, which was changed at `adjusted_at`; 0 before the first call.
    """

    live_at: int = 0
    backfill_at: int = 0
    call_at: int = 0
    interval: int = 0
    adjusted_at: int = 0

    def take(self, lane: Lane, limit: Limit, begin: int) -> int:
        """Take the lane's next turn that is not before `begin`; return it."""
        if lane is Lane.LIVE:
            turn = max(self.live_at, begin)
            self.live_at = turn + limit.between_turns(lane)
        else:
            turn = max(self.backfill_at, begin)
            self.backfill_at = turn + limit.between_turns(lane)
        return turn

    def busy_until(self, lane: Lane) -> int:
        """Return the time before which no further call of the lane is made: BACKFILL calls when no LIVE turn waits."""
        return max(self.call_at, self.live_at) if lane is Lane.BACKFILL else self.call_at

    def admit(self, lane: Lane, limit: Limit, now: int) -> int | None:
        """Return the time of a call whose turn it is, None when there is no room within PATIENCE."""
        if self.busy_until(lane) > now + PATIENCE:
            return None
        call = max(self.call_at, now)
        self.call_at = call + (self.interval or limit.between_calls)
        return call


def slower(interval: int, limit: Limit) -> int:
    """Return the interval after the API throttled a call."""
    decrease = min(MOST_DECREASE, 1 / limit.per_second)
    return round(min(interval / (1 - decrease), limit.between_calls / LEAST))


def faster(interval: int, limit: Limit, passed: int) -> int:
    """Return the interval when the API has throttled no call for a time; another limit holds at once if it is lower."""
    full = limit.between_calls
    return max(full, round(1 / (1 / interval + INCREASE * passed / SECOND / full)))
