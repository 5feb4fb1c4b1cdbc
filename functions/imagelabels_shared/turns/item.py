"""The schedule of `imagelabels_shared.turns.schedule` as an item of the claims table, changed by conditional updates.

An update reads and writes at once, so no two functions get the same turn. While others wait, a turn is one update, else
two; a third one only when another function comes in between.
"""

import re
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.environment import ClaimsTable
from imagelabels_shared.turns.schedule import PATIENCE, SECOND, Lane, Limit, Schedule, faster, slower

# No claim and no removal has such an id: imagelabels_shared.table.claims.
DETECT_LABELS = "TURNS#DetectLabels"
FREE_AT = {Lane.LIVE: "live_at", Lane.BACKFILL: "backfill_at"}
# DynamoDB takes about 1,000 writes a second of one item (docs.aws.amazon.com/amazondynamodb: bp-partition-key-design).
# A burst over that is spread by botocore's jittered delays, 7 seconds at most in all.
ATTEMPTS = 4


class Update(NamedTuple):
    """What became of an update: whether its condition held, and the schedule after it, or else as it was."""

    done: bool
    schedule: Schedule


class Taken(NamedTuple):
    """A turn; `admitted` if the call may be made at once, because nobody else wants one; the schedule after it."""

    at: int
    admitted: bool
    schedule: Schedule


def take(lane: Lane, limit: Limit, now: int, begin: int = 0) -> Taken:
    """Take the lane's next turn that is neither before `now` nor before `begin`. Raises what `aws_call` raises."""
    name, between, begin = FREE_AT[lane], limit.between_turns(lane), max(now, begin)
    update = _update(f"SET {name} = {name} + :between", f"{name} >= :begin", between=between, begin=begin)
    if not update.done:
        assign, free = f"SET {name} = :after", f"(attribute_not_exists({name}) OR {name} < :begin)"
        at_once = begin == now and lane is Lane.LIVE and update.schedule.call_at <= now
        if at_once:
            assign += ", call_at = :begin + if_not_exists(#interval, :full)"
            free += " AND (attribute_not_exists(call_at) OR call_at <= :begin)"
        update = _update(assign, free, after=begin + between, begin=begin, full=limit.between_calls)
        if update.done:
            return Taken(begin, at_once, update.schedule)
    if not update.done:
        update = _update(f"SET {name} = if_not_exists({name}, :begin) + :between", "", between=between, begin=begin)
    after: int = getattr(update.schedule, name)
    return Taken(after - between, admitted=False, schedule=update.schedule)


def admit(lane: Lane, limit: Limit, now: int) -> Update:
    """Admit a call whose turn it is, if there is room within PATIENCE; `call_of` gives its time.

    Raises what `aws_call` raises.
    """
    interval = "if_not_exists(#interval, :full)"
    latest, full = now + PATIENCE, limit.between_calls
    lives = " AND (attribute_not_exists(live_at) OR live_at <= :latest)" if lane is Lane.BACKFILL else ""
    free = "(attribute_not_exists(call_at) OR call_at < :now)"
    anew = (f"SET call_at = :now + {interval}", free + lives)
    after_others = (f"SET call_at = call_at + {interval}", "call_at BETWEEN :now AND :latest" + lives)
    update = _update(*anew, now=now, latest=latest, full=full)
    # Once more, if another function came in between.
    for assign, condition in (after_others, anew):
        if update.done or update.schedule.busy_until(lane) > latest:
            break
        update = _update(assign, condition, now=now, latest=latest, full=full)
    return update


def call_of(admitted: Update, limit: Limit) -> int:
    """Return the time of an admitted call."""
    return admitted.schedule.call_at - (admitted.schedule.interval or limit.between_calls)


def slow_down(seen: Schedule, limit: Limit, now: int) -> None:
    """Lower the rate after a throttle, unless it was changed since the schedule was `seen`."""
    interval = faster(seen.interval or limit.between_calls, limit, now - seen.adjusted_at)
    _adjust(seen, slower(interval, limit), now)


def speed_up(seen: Schedule, limit: Limit, now: int) -> None:
    """Raise the rate by what the time since its last change allows, at most once a second; take over a new limit."""
    passed = now - seen.adjusted_at
    if seen.interval and seen.interval != limit.between_calls and passed >= SECOND:
        _adjust(seen, faster(seen.interval, limit, passed), now)


def _adjust(seen: Schedule, interval: int, now: int) -> None:
    unchanged = "adjusted_at = :seen" if seen.adjusted_at else "attribute_not_exists(adjusted_at)"
    _update(
        "SET #interval = :interval, adjusted_at = :now", unchanged, interval=interval, now=now, seen=seen.adjusted_at
    )


def _update(assign: str, condition: str, **numbers: int) -> Update:
    table = ClaimsTable.from_environ().claims_table_name
    # DynamoDB refuses a value that no expression names.
    used = {
        f":{name}": {"N": str(number)}
        for name, number in numbers.items()
        if re.search(rf":{name}\b", f"{assign} {condition}")
    }
    request: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    if "#interval" in assign:
        request["ExpressionAttributeNames"] = {"#interval": "interval"}
    try:
        with aws_call("dynamodb:UpdateItem", f"table/{table}"):
            answer = client("dynamodb", ATTEMPTS).update_item(
                TableName=table,
                Key={"id": {"S": DETECT_LABELS}},
                UpdateExpression=assign,
                ExpressionAttributeValues=used,
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **request,
            )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return Update(done=False, schedule=_schedule(error.response.get("Item", {})))
    return Update(done=True, schedule=_schedule(answer["Attributes"]))


def _schedule(item: Any) -> Schedule:
    return Schedule(**{name: int(value["N"]) for name, value in item.items() if name != "id"})
