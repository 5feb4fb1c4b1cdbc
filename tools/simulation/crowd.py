"""Many photos in virtual time: they start, take turns, wait, are admitted, call Rekognition, and end."""

import heapq
import random
from array import array
from collections import deque
from dataclasses import dataclass, field

from imagelabels_shared.turns.item import ATTEMPTS
from imagelabels_shared.turns.schedule import SECOND, Lane, Limit, Schedule, faster, slower
from tools.simulation.quotas import Bucket, Quotas
from tools.simulation.workflow import workflow

# Estimates, in seconds: ValidateImage, an answer of DetectLabels that only names a turn, Rekognition, and the states
# after it. A Wait ends up to a second after its time, which Step Functions cuts to whole seconds.
VALIDATE, TURN, CALL, REST, WAKING = 0.6, 0.03, 0.7, 2.0, 1.0
# A turn that is nearer than this has no Wait: the function sleeps (detect_labels.pacing.NEAR).
NEAR = 1.0
# The way to Rekognition takes a different time for each call.
NETWORK = 0.02
AFTER_THROTTLE = 1.0
# An event is one number: its time in microseconds, then these bits: the photo, its attempts, and the kind of the event.
PHOTO_BITS, ATTEMPT_BITS, KIND_BITS = 25, 8, 2
START, ARRIVE, WAKE = range(3)


@dataclass(kw_only=True)
class Scenario:
    """`photos` come at once in one lane. `at_once` limits how many of them are open, as a Distributed Map does.

    `others` is the part of Rekognition's rate that other programs have between two times in seconds. `live_every` lets
    a live photo come every so many seconds. Without `turns` a photo calls at once and waits only when it is throttled.
    """

    photos: int
    quotas: Quotas = field(default_factory=Quotas)
    lane: Lane = Lane.LIVE
    share: float = 1.0
    at_once: int | None = None
    others: tuple[float, float, float] = (0.0, 0.0, 0.0)
    live_every: float = 0.0
    turns: bool = True
    seed: int = 1


@dataclass
class Result:
    """Seconds, and counts of all photos; `limits` are the times in seconds when a quota first held a photo up."""

    makespan: float = 0.0
    calls: int = 0
    failed: int = 0
    undelivered: int = 0
    transitions: int = 0
    invocations: int = 0
    writes: int = 0
    throttled_writes: int = 0
    retries: int = 0
    most_functions: int = 0
    longest_live: float = 0.0
    slowest_rate: float = 0.0
    labelled: int = 0
    limits: dict[str, float] = field(default_factory=dict)

    def reached(self, limit: str, now: float) -> None:
        self.limits.setdefault(limit, now)


class Crowd:
    """One run of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.result, self.flow = scenario, Result(), workflow()
        quotas = scenario.quotas
        self.limit = Limit(quotas.rekognition, scenario.share)
        self.schedule = Schedule()
        self.random = random.Random(scenario.seed)  # noqa: S311  # not a secret
        self.starts = Bucket(quotas.start_rate, quotas.start_bucket)
        self.steps = Bucket(quotas.transition_rate, quotas.transition_bucket)
        self.item = Bucket(quotas.item_writes, quotas.item_writes)
        self.rekognition = Bucket(quotas.rekognition, max(1.0, quotas.rekognition * quotas.rekognition_burst))
        self.result.slowest_rate = quotas.rekognition
        self.events: list[int] = []
        self.started = array("d", bytes(8 * (scenario.photos + 1)))
        # Ends of calls: of functions that are busy, in the order of their ends.
        self.busy: deque[float] = deque()
        self.most_open = min(quotas.open_executions, scenario.at_once or quotas.open_executions)
        self.open = self.next_photo = 0
        self.starting = False

    def run(self) -> Result:
        """Return what happened until the last photo ended."""
        self.start_another(0.0)
        if self.scenario.live_every:
            self.push(self.scenario.live_every, ARRIVE, self.scenario.photos, 0)
        left = self.scenario.photos
        while self.events and self.result.labelled + self.result.failed + self.result.undelivered < left:
            self.step(heapq.heappop(self.events))
        return self.result

    def start_another(self, now: float) -> None:
        """Let the next photo's execution start as soon as quotas allow."""
        if self.starting or self.next_photo == self.scenario.photos:
            return
        if self.open >= self.most_open:
            if self.most_open == self.scenario.quotas.open_executions:
                self.result.reached("open executions", now)
            return
        delay = self.starts.delay(now, 1)
        if delay:
            self.result.reached("StartExecution", now)
        self.starting = True
        self.push(now + delay, START, self.next_photo, 0)

    def start(self, photo: int, now: float) -> None:
        self.starting = False
        self.next_photo += 1
        if self.scenario.lane is Lane.LIVE and now > self.scenario.quotas.delivery_seconds:
            # EventBridge has given up, and the events of all photos that have not started are undelivered.
            self.result.reached("EventBridge's 24 hours", now)
            self.result.undelivered = self.scenario.photos - photo
            self.next_photo = self.scenario.photos
            return
        self.started[photo] = now
        self.result.transitions += self.flow.before
        self.result.invocations += 1
        self.open += 1
        delay = self.steps.delay(now, self.flow.before + self.flow.of_wait)
        if delay:
            self.result.reached("state transitions", now)
        self.push(now + delay + VALIDATE, ARRIVE, photo, 0)
        self.start_another(now)

    def push(self, seconds: float, kind: int, photo: int, attempts: int) -> None:
        time = round(seconds * SECOND)
        event = ((time << PHOTO_BITS | photo) << ATTEMPT_BITS | attempts) << KIND_BITS | kind
        heapq.heappush(self.events, event)

    def step(self, event: int) -> None:
        kind, attempts = event & (1 << KIND_BITS) - 1, event >> KIND_BITS & (1 << ATTEMPT_BITS) - 1
        photo = event >> KIND_BITS + ATTEMPT_BITS & (1 << PHOTO_BITS) - 1
        now = (event >> KIND_BITS + ATTEMPT_BITS + PHOTO_BITS) / SECOND
        if kind == START:
            self.start(photo, now)
            return
        if self.is_live(photo) and kind == ARRIVE and not attempts:
            self.started[photo] = now
            self.push(now + self.scenario.live_every, ARRIVE, photo, 0)
        busy = self.busy
        while busy and busy[0] <= now:
            busy.popleft()
        if len(busy) >= self.scenario.quotas.functions:
            self.result.reached("Lambda concurrency", now)
            self.again(now, kind, photo, attempts)
        elif not self.scenario.turns:
            self.call(photo, now, attempts, kind)
        elif kind == ARRIVE:
            self.take(photo, now, attempts)
        else:
            self.admit(photo, now, attempts)

    def is_live(self, photo: int) -> bool:
        return photo == self.scenario.photos

    def lane(self, photo: int) -> Lane:
        return Lane.LIVE if self.is_live(photo) else self.scenario.lane

    def again(self, now: float, kind: int, photo: int, attempts: int) -> None:
        """Repeat what was throttled: botocore does so a few times, then the definition's Retry."""
        attempts += 1
        retries = attempts - ATTEMPTS
        if retries < 0:
            self.push(now + self.random.uniform(0, 2.0 ** (attempts - 1)), kind, photo, attempts)
            return
        if retries >= self.flow.attempts:
            self.end(photo, now, failed=True)
            return
        self.result.retries += 1
        self.result.transitions += 1
        self.result.invocations += 1
        self.push(now + self.random.uniform(0, self.flow.delay(retries)), kind, photo, attempts)

    def write(self, now: float, writes: int) -> bool:
        """Write to the item of turns, if DynamoDB lets it."""
        if not self.item.take(now, writes):
            self.result.reached("writes of one DynamoDB item", now)
            self.result.throttled_writes += 1
            return False
        self.result.writes += writes
        return True

    def take(self, photo: int, now: float, attempts: int) -> None:
        time, lane, schedule = round(now * SECOND), self.lane(photo), self.schedule
        others_wait = (schedule.live_at if lane is Lane.LIVE else schedule.backfill_at) >= time
        if not self.write(now, 1 if others_wait else 2):
            self.again(now, ARRIVE, photo, attempts)
            return
        self.result.invocations += 1
        self.wait(photo, now, schedule.take(lane, self.limit, time) / SECOND)

    def wait(self, photo: int, now: float, turn: float) -> None:
        if turn - now <= NEAR:
            self.push(max(now, turn), WAKE, photo, 1)
            return
        self.result.transitions += self.flow.of_wait
        self.result.invocations += 1
        self.busy.append(now + TURN)
        # The function sleeps if it wakes before its turn.
        wake = turn // 1 + self.random.random() * WAKING + TURN
        self.push(max(wake, turn), WAKE, photo, 1)

    def admit(self, photo: int, now: float, attempts: int) -> None:
        time, lane, schedule = round(now * SECOND), self.lane(photo), self.schedule
        if not self.write(now, 1 if schedule.call_at < time else 2):
            self.again(now, WAKE, photo, attempts)
            return
        call = schedule.admit(lane, self.limit, time)
        if call is None:
            self.another(photo, now, schedule.busy_until(lane))
            return
        if schedule.interval and time - schedule.adjusted_at >= SECOND:
            schedule.interval = faster(schedule.interval, self.limit, time - schedule.adjusted_at)
            schedule.adjusted_at = time
        self.call(photo, call / SECOND, attempts, WAKE)

    def another(self, photo: int, now: float, begin: int) -> None:
        if not self.write(now, 1):
            self.again(now, WAKE, photo, 1)
            return
        turn = self.schedule.take(self.lane(photo), self.limit, max(begin, round(now * SECOND))) / SECOND
        # Whoever takes another turn goes through the Wait state.
        self.wait(photo, now, max(turn, now + NEAR + TURN))

    def call(self, photo: int, at: float, attempts: int, kind: int) -> None:
        self.result.calls += 1
        arrives = at + self.random.random() * NETWORK
        share, begin, end = self.scenario.others
        if begin <= arrives < end:
            # The others' calls have taken their tokens.
            self.rekognition.rate = self.scenario.quotas.rekognition * (1 - share)
        else:
            self.rekognition.rate = self.scenario.quotas.rekognition
        if self.rekognition.take(arrives):
            self.busy.append(at + CALL)
            self.result.most_functions = max(self.result.most_functions, len(self.busy))
            self.end(photo, at + CALL, failed=False)
            return
        self.result.reached("Rekognition", at)
        if not self.scenario.turns:
            self.again(at, kind, photo, max(attempts, ATTEMPTS))
            return
        time = round(at * SECOND)
        schedule, full = self.schedule, self.limit.between_calls
        schedule.interval = slower(
            faster(schedule.interval or full, self.limit, time - schedule.adjusted_at), self.limit
        )
        schedule.adjusted_at = time
        self.result.slowest_rate = min(self.result.slowest_rate, self.limit.per_second * full / schedule.interval)
        self.another(photo, at, time + round(AFTER_THROTTLE * SECOND))

    def end(self, photo: int, now: float, *, failed: bool) -> None:
        if self.is_live(photo):
            usual = CALL
            self.result.longest_live = max(self.result.longest_live, now - self.started[photo] - usual)
            return
        end = now + REST + self.steps.delay(now, self.flow.after)
        self.result.transitions += self.flow.after
        failed = failed or end - self.started[photo] > self.flow.timeout
        self.result.failed += failed
        self.result.labelled += not failed
        self.result.makespan = max(self.result.makespan, end)
        # It is over a little later; another one starts then.
        self.open -= 1
        self.start_another(end)
