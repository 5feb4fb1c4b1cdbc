"""A fault plan makes the calls that its rules match fail, by number, by rate or by a seeded chance."""

import pytest

from imagelabels.errors import UserError
from imagelabels.local.faults.plan import Call, Plan
from imagelabels.local.faults.request import action

QUERY = Call("dynamodb:Query", "PersistLabels", "a.jpg")


class Clock:
    """A clock that the test sets, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _failures(plan: Plan, call: Call, calls: int) -> list[bool]:
    return [plan.next_fault(call) is not None for _call in range(calls)]


def test_attempts_two_and_three_fail() -> None:
    plan = Plan({"rules": [{"fault": "outage", "action": "dynamodb:Query", "first": 2, "last": 3}]})
    assert _failures(plan, QUERY, 4) == [False, True, True, False]


@pytest.mark.parametrize(
    "other",
    [
        QUERY._replace(action="dynamodb:GetItem"),
        QUERY._replace(function="RemoveLabels"),
        QUERY._replace(about="b.jpg"),
    ],
)
def test_a_rule_ignores_other_calls_and_does_not_count_them(other: Call) -> None:
    plan = Plan({"rules": [{"fault": "drop", **QUERY._asdict(), "last": 1}]})
    assert plan.next_fault(other) is None
    assert _failures(plan, QUERY, 2) == [True, False]


def test_a_rate_throttles_only_the_calls_over_it() -> None:
    clock = Clock()
    plan = Plan({"rules": [{"fault": "throttle", "rate": 2}]}, clock)
    assert _failures(plan, QUERY, 3) == [False, False, True]
    clock.now = 0.5
    assert _failures(plan, QUERY, 2) == [False, True]


def test_the_same_seed_fails_the_same_attempts_whatever_other_calls_come() -> None:
    document = {"seed": 7, "rules": [{"fault": "drop", "action": "dynamodb:Query", "chance": 0.5}]}
    first, second = Plan(document), Plan(document)
    second.next_fault(Call("sns:Publish", "PublishReport"))
    failures = _failures(first, QUERY, 50)
    assert failures == _failures(second, QUERY, 50)
    assert 10 < sum(failures) < 40
    assert failures != _failures(Plan({**document, "seed": 8}), QUERY, 50)


def test_the_log_names_every_call_and_its_fault() -> None:
    plan = Plan({"rules": [{"fault": "drop", "last": 1}]})
    _failures(plan, QUERY, 2)
    assert plan.log == [("PersistLabels", "dynamodb:Query", "drop"), ("PersistLabels", "dynamodb:Query", "")]


@pytest.mark.parametrize("rule", [{"fault": "explode"}, {"fault": "drop", "colour": "red"}, {}])
def test_a_rule_of_another_shape_is_refused(rule: dict[str, str]) -> None:
    with pytest.raises(UserError, match="fault"):
        Plan({"rules": [rule]})


@pytest.mark.parametrize(
    ("path", "service", "body", "expected"),
    [
        ("/v2/email/outbound-emails", "ses", b'{"Content": {}}', "ses:SendEmail"),
        ("/", "sns", b"Action=Publish&TopicArn=a", "sns:Publish"),
        ("/photos/a.jpg", "s3", b"", "s3:PutObject"),
    ],
)
def test_an_action_has_the_name_that_a_plan_gives_it(path: str, service: str, body: bytes, expected: str) -> None:
    signed = f"AWS4-HMAC-SHA256 Credential=AKIA/20261125/us-east-1/{service}/aws4_request, Signature=s".encode()
    method = "PUT" if service == "s3" else "POST"
    scope = {"method": method, "path": path, "query_string": b"", "headers": [(b"authorization", signed)]}
    assert action(scope, body) == expected
