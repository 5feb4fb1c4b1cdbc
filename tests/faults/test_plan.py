"""A plan of faults strikes the calls that it names, by number, by pace or by a seeded chance."""

import pytest

from imagelabels.errors import UserError
from imagelabels.local.faults.plan import Call, Plan

QUERY = Call("dynamodb:Query", "PersistLabels", "a.jpg")


class Clock:
    """Time that passes when it is told to, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _struck(plan: Plan, call: Call, calls: int) -> list[bool]:
    return [plan.strike(call) is not None for _call in range(calls)]


def test_attempts_two_and_three_fail() -> None:
    plan = Plan({"rules": [{"fault": "outage", "action": "dynamodb:Query", "first": 2, "last": 3}]})
    assert _struck(plan, QUERY, 4) == [False, True, True, False]


@pytest.mark.parametrize(
    "other",
    [
        QUERY._replace(action="dynamodb:GetItem"),
        QUERY._replace(function="RemoveLabels"),
        QUERY._replace(about="b.jpg"),
    ],
)
def test_a_rule_leaves_other_calls_alone_and_does_not_count_them(other: Call) -> None:
    plan = Plan({"rules": [{"fault": "drop", **QUERY._asdict(), "last": 1}]})
    assert plan.strike(other) is None
    assert _struck(plan, QUERY, 2) == [True, False]


def test_a_rate_throttles_what_is_faster_and_lets_the_rest_through() -> None:
    clock = Clock()
    plan = Plan({"rules": [{"fault": "throttle", "rate": 2}]}, clock)
    assert _struck(plan, QUERY, 3) == [False, False, True]
    clock.now = 0.5
    assert _struck(plan, QUERY, 2) == [False, True]


def test_the_same_seed_strikes_the_same_attempts_whatever_comes_in_between() -> None:
    document = {"seed": 7, "rules": [{"fault": "drop", "action": "dynamodb:Query", "chance": 0.5}]}
    first, second = Plan(document), Plan(document)
    second.strike(Call("sns:Publish", "PublishReport"))
    struck = _struck(first, QUERY, 50)
    assert struck == _struck(second, QUERY, 50)
    assert 10 < sum(struck) < 40
    assert struck != _struck(Plan({**document, "seed": 8}), QUERY, 50)


def test_the_log_names_every_call_and_its_fault() -> None:
    plan = Plan({"rules": [{"fault": "drop", "last": 1}]})
    _struck(plan, QUERY, 2)
    assert plan.log == [("PersistLabels", "dynamodb:Query", "drop"), ("PersistLabels", "dynamodb:Query", "")]


@pytest.mark.parametrize("rule", [{"fault": "explode"}, {"fault": "drop", "colour": "red"}, {}])
def test_a_rule_of_another_shape_is_refused(rule: dict[str, str]) -> None:
    with pytest.raises(UserError, match="fault"):
        Plan({"rules": [rule]})
