"""Each check of `imagelabels doctor` alone: what it asks AWS, and what it says of each answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from imagelabels.operations.doctor import trial_photo
from imagelabels.operations.doctor.checks import checks
from imagelabels.operations.doctor.intake import notifications, rules
from imagelabels.operations.doctor.messages import queues, subscriptions
from imagelabels.stack.connection import STACK_NAME, Stack
from imagelabels.stack.executions import Execution
from imagelabels.stack.follow import Follower, unsent_reports
from imagelabels.stack.notifications import maybe_later
from imagelabels.stack.subscriptions import Subscription, in_template, subscribe, unconfirmed
from tests.resources import IMAGES, MACHINE, execution
from tests.unit.recorded import NOON, Recorded, answered

RULE, QUEUE = "uploads", "https://sqs/queue"


def stack_with(endpoint: str | None = None, **outputs: str) -> Stack:
    known = {"ImagesBucketName": IMAGES, "StateMachineArn": MACHINE}
    return Stack(boto3.DEFAULT_SESSION or boto3.Session(), known | outputs, endpoint)


def test_the_checks_go_from_the_bucket_to_the_queues() -> None:
    """The test photo is sent before the queues are looked at, and only when it is asked for."""
    names = [getattr(check, "func", check).__name__ for check in checks(30)]
    assert names == ["notifications", "rules", "subscriptions", "phone", "photo_through", "queues"]
    assert [check.__name__ for check in checks(None)] == [*names[:4], "queues"]
    assert checks(30)[4].keywords == {"deadline": 30}  # type: ignore[attr-defined]  # a partial


@pytest.mark.parametrize(
    ("answer", "well", "says"),
    [
        ({"EventBridgeConfiguration": {}}, True, "images tells EventBridge of new photos"),
        (
            {},
            False,
            "images does not tell EventBridge of new photos: deploy again, or turn EventBridge on for the bucket",
        ),
    ],
)
def test_the_bucket_sends_its_events(answer: dict[str, Any], well: bool, says: str) -> None:  # noqa: FBT001  # a parameter of a test
    stack = stack_with()
    asked = answered(stack, "s3", "s3", GetBucketNotificationConfiguration=answer)
    assert notifications(stack) == [("bucket", says, well)]
    assert asked[0][1]["Bucket"] == IMAGES


def rule_results(state: str, names: list[str], **target: Any) -> list[tuple[str, bool]]:
    stack = stack_with()
    asked = answered(
        stack,
        "events",
        "eventbridge",
        ListRuleNamesByTarget={"RuleNames": names},
        DescribeRule={"State": state},
        ListTargetsByRule={"Targets": [{"Arn": "another"}, {"Arn": MACHINE, **target}]},
    )
    found = [(result.says, result.well) for result in rules(stack)]
    wanted = [{"TargetArn": MACHINE}, *([{"Name": RULE}, {"Rule": RULE}] if names else [])]
    assert [parameters for _operation, parameters in asked] == wanted
    return found


def test_a_rule_starts_the_state_machine_and_keeps_what_it_cannot_deliver() -> None:
    well = rule_results("ENABLED", [RULE], DeadLetterConfig={"Arn": "queue"})
    assert well == [(f"{RULE} is enabled", True), (f"{RULE} keeps events that it cannot deliver", True)]
    assert rule_results("DISABLED", [RULE]) == [
        (f"{RULE} is disabled: aws events enable-rule --name {RULE}", False),
        (f"{RULE} loses events that it cannot deliver: deploy again", False),
    ]
    assert rule_results("ENABLED", []) == [("No EventBridge rule starts the state machine: deploy again", False)]


@pytest.mark.parametrize(
    ("name", "waiting", "states", "well", "says"),
    [
        ("MailDeadLetterQueue", 0, [], True, "is empty"),
        ("MailDeadLetterQueue", 2, [], False, f"holds 2 messages: look into them ({QUEUE})"),
        ("UndeliveredEventsQueue", 1, [], False, f"holds 1 message: look into it ({QUEUE})"),
        ("AuditQueue", 3, ["Enabled", "Enabling", "Updating"], True, "holds 3 messages"),
        ("AuditQueue", 0, [], True, "is empty"),
        ("AuditQueue", 3, ["Disabled", "Disabling"], False, "is not worked through: f is Disabled, f is Disabling"),
    ],
)
def test_queues(name: str, waiting: int, states: list[str], well: bool, says: str) -> None:  # noqa: FBT001  # a parameter of a test
    stack = stack_with(**{f"{name}Url": QUEUE, "Other": "no queue"})
    attributes = {"ApproximateNumberOfMessages": str(waiting), "QueueArn": "arn:queue"}
    asked = answered(stack, "sqs", "sqs", GetQueueAttributes={"Attributes": attributes})
    mappings = [{"FunctionArn": "f", "State": state} for state in states]
    of_functions = answered(stack, "lambda", "lambda", ListEventSourceMappings={"EventSourceMappings": mappings})
    assert queues(stack) == [("queues", f"{name} {says}", well)]
    assert asked[0][1] == {"QueueUrl": QUEUE, "AttributeNames": ["ApproximateNumberOfMessages", "QueueArn"]}
    dead = "DeadLetter" in name or "Undelivered" in name
    assert of_functions == ([] if dead else [("ListEventSourceMappings", {"EventSourceArn": "arn:queue"})])


TOPICS = {"MailTopicArn": "arn:mail", "OperatorsTopicArn": "arn:operators"}


def subscribed(*endpoints: tuple[str, str, str]) -> tuple[Stack, list[tuple[str, dict[str, Any]]]]:
    """Return a stack whose template has an owner for some outcomes, and an operator; SNS has the endpoints."""
    stack = stack_with(**TOPICS)
    wanted: list[dict[str, Any]] = [
        {
            "Protocol": "email",
            "Endpoint": "owner@x",
            "TopicArn": {"Ref": "Mail"},
            "FilterPolicy": {"outcome": ["LABELLED"]},
        },
        {"Protocol": "email", "Endpoint": "operator@x", "TopicArn": {"Ref": "Operators"}},
        {"Protocol": "sqs", "Endpoint": "arn:queue", "TopicArn": {"Ref": "Mail"}},
    ]
    resources = {
        str(number): {"Type": "AWS::SNS::Subscription", "Properties": one} for number, one in enumerate(wanted)
    }
    resources["Mail"] = {"Type": "AWS::SNS::Topic", "Properties": {}}
    ids = {"Mail": "arn:mail", "Operators": "arn:operators"}
    summaries = [{"LogicalResourceId": name, "PhysicalResourceId": arn} for name, arn in ids.items()]
    asked = answered(
        stack,
        "cloudformation",
        "cloudformation",
        GetTemplate={"TemplateBody": {"Resources": resources}},
        ListStackResources={"StackResourceSummaries": summaries},
    )
    has = {
        arn: [{"Endpoint": who, "SubscriptionArn": state} for topic, who, state in endpoints if topic == arn]
        for arn in TOPICS.values()
    }
    answered(
        stack,
        "sns",
        "sns",
        ListSubscriptionsByTopic=lambda params: {"Subscriptions": has[params["TopicArn"]]},
        Subscribe={},
    )
    return stack, asked


def test_the_template_says_who_gets_what() -> None:
    stack, asked = subscribed()
    assert in_template(stack) == [
        Subscription("Mail", "owner@x", ("LABELLED",)),
        Subscription("Operators", "operator@x"),
    ]
    assert {parameters["StackName"] for _operation, parameters in asked} == {STACK_NAME}


def test_who_gets_mail_who_must_confirm_and_who_is_lost() -> None:
    stack, _asked = subscribed(("arn:mail", "owner@x", "PendingConfirmation"), ("arn:mail", "guest@x", "arn:mail:1"))
    found = {result.says: result.well for result in subscriptions(stack)}
    assert list(found.values()) == [False, True, False]
    pending, guest, lost = found
    assert guest == "guest@x gets Mail"
    assert "owner@x" in pending
    assert "operator@x" in lost
    assert pending != lost.replace("operator@x", "owner@x").replace("Operators", "Mail")
    assert [one.address for one in unconfirmed(stack)] == ["owner@x", "operator@x"]


def test_a_topic_to_which_nobody_should_subscribe_is_well() -> None:
    stack = stack_with(SpareTopicArn="arn:spare")
    answered(
        stack,
        "cloudformation",
        "cloudformation",
        GetTemplate={"TemplateBody": {"Resources": {}}},
        ListStackResources={"StackResourceSummaries": []},
    )
    answered(stack, "sns", "sns", ListSubscriptionsByTopic={"Subscriptions": []})
    assert subscriptions(stack) == [("subscriptions", "Spare has no subscribers, as the settings say", True)]


def test_mail_that_ses_sends_has_no_subscribers() -> None:
    stack = stack_with(MailTopicArn="arn:mail", Settings='{"reportSender": "labels@x"}')
    answered(
        stack,
        "cloudformation",
        "cloudformation",
        GetTemplate={"TemplateBody": {"Resources": {}}},
        ListStackResources={"StackResourceSummaries": []},
    )
    answered(stack, "sns", "sns", ListSubscriptionsByTopic={"Subscriptions": []})
    assert subscriptions(stack) == [("subscriptions", "the mail goes through SES", True)]


@pytest.mark.parametrize(
    ("subscription", "attributes"),
    [
        (
            Subscription("Mail", "owner@x", ("LABELLED", "REJECTED")),
            {"FilterPolicy": '{"outcome": ["LABELLED", "REJECTED"]}'},
        ),
        (Subscription("Operators", "operator@x"), {}),
    ],
)
def test_an_address_is_subscribed_with_its_filter(subscription: Subscription, attributes: dict[str, str]) -> None:
    stack = stack_with(**TOPICS)
    asked = answered(stack, "sns", "sns", Subscribe={})
    subscribe(stack, subscription)
    topic = {"Mail": "arn:mail", "Operators": "arn:operators"}[subscription.topic]
    sent = {"TopicArn": topic, "Protocol": "email", "Endpoint": subscription.address, "Attributes": attributes}
    assert asked == [("Subscribe", sent)]


@pytest.mark.parametrize(
    ("outcome", "state", "well", "says"),
    [
        ("LABELLED", "", True, "A test photo was labelled within 7 s"),
        ("RUNNING", "Detect", False, "The test photo is still in Detect after 7 s. because arn"),
        ("RUNNING", "", False, "The test photo is still in no state after 7 s. because arn"),
        ("FAILED", "Detect", False, "The test photo ended FAILED after 7 s. because arn"),
    ],
)
def test_the_test_photo_is_labelled_or_told_where_it_is(outcome: str, state: str, well: bool, says: str) -> None:  # noqa: FBT001  # a parameter of a test
    seen = Execution("arn", "a.jpg", state, 0, outcome, NOON, None, {}, "because")
    assert trial_photo._result(seen, 7.4, None) == ("test photo", says, well)  # noqa: SLF001  # the sentence alone


def test_a_photo_that_starts_nothing_is_told_apart_from_a_new_stack() -> None:
    nothing = "No execution was started within 7 s of an upload"
    old, new = (trial_photo._result(None, 7.4, later) for later in (None, NOON))  # noqa: SLF001  # the sentence alone
    assert old == ("test photo", nothing, False)
    assert new.says.startswith(
        f"{nothing}. The stack is new, and S3 may need until 2026-11-22T12:00:00.000Z: try again. `"
    )


@pytest.mark.usefixtures("aws")
def test_the_execution_of_the_test_photo_is_found_by_its_key_and_asked_for_again() -> None:
    recorded = Recorded()
    recorded.add("mine", "RUNNING", 1, "mine.jpg")
    recorded.add("other", "RUNNING", 2, "other.jpg")
    stack = recorded.stack()
    seen = trial_photo._look(stack, "mine.jpg", None)  # noqa: SLF001  # without its pauses
    assert seen is not None
    assert seen.arn == execution("mine")
    recorded.executions[seen.arn] |= {"status": "SUCCEEDED", "output": "{}", "stopDate": NOON}
    again = trial_photo._look(stack, "not looked for", seen)  # noqa: SLF001  # as above
    assert again is not None
    assert (again.arn, again.outcome) == (seen.arn, "LABELLED")
    assert trial_photo._look(stack, "none.jpg", None) is None  # noqa: SLF001  # as above


@pytest.mark.parametrize(("minutes", "later"), [(14, True), (15, False), (16, False)])
def test_a_stack_is_new_for_a_quarter_of_an_hour(minutes: int, later: bool) -> None:  # noqa: FBT001  # a parameter of a test
    stack = stack_with()
    made = datetime(2026, 11, 25, 12, tzinfo=UTC)
    asked = answered(stack, "cloudformation", "cloudformation", DescribeStacks={"Stacks": [{"CreationTime": made}]})
    found = maybe_later(stack, made + timedelta(minutes=minutes))
    assert found == (made + timedelta(minutes=15) if later else None)
    assert asked == [("DescribeStacks", {"StackName": STACK_NAME})]
    assert maybe_later(stack_with("http://127.0.0.1:1"), made) is None


def test_a_local_stack_is_asked_more_often() -> None:
    assert Follower(stack_with("http://127.0.0.1:1")).pause_seconds == 0.25
    assert Follower(stack_with()).pause_seconds == 2


def test_reports_that_wait_and_reports_that_are_being_mailed_are_unsent() -> None:
    stack = stack_with(ReportsQueueUrl=QUEUE)
    counts = {
        "ApproximateNumberOfMessages": "1",
        "ApproximateNumberOfMessagesDelayed": "2",
        "ApproximateNumberOfMessagesNotVisible": "4",
    }
    asked = answered(
        stack,
        "sqs",
        "sqs",
        GetQueueAttributes=lambda params: {"Attributes": {name: counts[name] for name in params["AttributeNames"]}},
    )
    assert unsent_reports(stack) == 7
    assert asked[0][1]["QueueUrl"] == QUEUE
