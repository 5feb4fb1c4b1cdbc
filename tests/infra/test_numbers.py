"""The numbers of the template that matter, each with its reason: a changed one has to be changed here, too."""

from typing import Any, NamedTuple

import pytest

from infra.lambda_function import FUNCTIONS, other_functions
from tests.infra.test_stack import environment, subscribers
from tests.synthesis import PEOPLE, Synthesize, of_type
from tools.permissions import shown

Template = dict[str, Any]
DAY, MIB = 24 * 3600, 1024 * 1024
SENDER = "sender@example.com"


class Number(NamedTuple):
    """A property of a resource: its path below `Properties`, what it must be, and why."""

    kind: str
    construct: str
    path: str
    expected: Any
    reason: str


KEPT_14_DAYS = "A person has two weeks to look at a message; SQS takes no longer time."
SIX_TIMEOUTS = "AWS: six times the function's timeout of 30 s, or a batch that is still worked on comes again."
FIVE_TIMES = "A fault of minutes passes by itself; what fails five times, 3 minutes apart, needs a person."
QUEUES = [
    *(
        Number("AWS::SQS::Queue", name, "MessageRetentionPeriod", 14 * DAY, KEPT_14_DAYS)
        for name in (
            *("AuditTrail", "AuditDeadLetters", "MailDeadLetters", "ReportsQueue"),
            *("Removals", "RemovalDeadLetters", "UndeliveredEvents", "UndeliveredIntake"),
        )
    ),
    *(
        Number("AWS::SQS::Queue", name, "RedrivePolicy.maxReceiveCount", 5, FIVE_TIMES)
        for name in ("AuditTrail", "ReportsQueue", "Removals", "UndeliveredIntake")
    ),
    *(
        Number("AWS::SQS::Queue", name, "VisibilityTimeout", 6 * 30, SIX_TIMEOUTS)
        for name in ("Removals", "UndeliveredIntake")
    ),
    *(
        Number("AWS::SQS::Queue", name, "VisibilityTimeout", 6 * 30 + 60, SIX_TIMEOUTS + " And the window.")
        for name in ("AuditTrail", "ReportsQueue")
    ),
]
A_MONTH = "A photo that was overwritten or deleted by mistake can be brought back for a month."
STORAGE = [
    *(
        Number("AWS::S3::Bucket", "Work", f"LifecycleConfiguration.Rules.{rule}.{field}", expected, reason)
        for rule, folder, days, reason in (
            (1, "detections/", 1, "Executions make it anew."),
            (2, "normalized/", 1, "Executions make it anew."),
            (3, "library/", 15, "A failed run over the library can be redriven for 14 days, and reads its list again."),
        )
        for field, expected in (("Prefix", folder), ("ExpirationInDays", days))
    ),
    Number(
        "AWS::S3::Bucket",
        "Work",
        "LifecycleConfiguration.Rules.0.AbortIncompleteMultipartUpload.DaysAfterInitiation",
        1,
        "Executions make it anew.",
    ),
    Number(
        "AWS::S3::Bucket",
        "Images",
        "LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration.NoncurrentDays",
        30,
        A_MONTH,
    ),
    Number(
        "AWS::S3::Bucket",
        "Images",
        "LifecycleConfiguration.Rules.0.AbortIncompleteMultipartUpload.DaysAfterInitiation",
        7,
        "An interrupted upload can be resumed for a week, and costs no longer.",
    ),
    *(
        Number(
            "AWS::DynamoDB::Table",
            name,
            "TimeToLiveSpecification.AttributeName",
            "expires_at",
            "Claims and runs expire.",
        )
        for name in ("Labels", "Claims")
    ),
    Number("AWS::KMS::Key", "AlarmKey", "PendingWindowInDays", 7, "The shortest that KMS allows."),
]
LONG = "Decoding the largest photo takes most of it (docs/images.md); 3,008 MB is the most of a new account."
SMALL = "It moves some kilobytes; 512 MB give it a share of a processor that starts it quickly."
FUNCTION_NUMBERS = [
    Number("AWS::Lambda::Function", "NormalizeImage", "MemorySize", 3008, LONG),
    Number("AWS::Lambda::Function", "NormalizeImage", "Timeout", 90, "60 s for the sandbox, and two transfers."),
    *(
        Number("AWS::Lambda::Function", name, field, expected, SMALL)
        for name in (
            *("ValidateImage", "DetectLabels", "PersistLabels", "PublishReport"),
            *("ArchiveAudit", "KeepUndelivered", "RemoveLabels", "SendDigest", "StartPhotos"),
        )
        for field, expected in (("MemorySize", 512), ("Timeout", 30))
    ),
    Number("AWS::Lambda::Function", "CheckSubscriptions", "MemorySize", 512, SMALL),
    Number("AWS::Lambda::Function", "CheckSubscriptions", "Timeout", 180, "Three calls with SNS's pauses of 31 s."),
]
ALL_NUMBERS = [*QUEUES, *STORAGE, *FUNCTION_NUMBERS]


def value_at(properties: Any, path: str) -> Any:
    """Return the value at a path like `Rules.0.Status`; None when there is none."""
    for step in path.split("."):
        try:
            properties = properties[int(step) if step.isdigit() else step]
        except (KeyError, IndexError):
            return None
    return properties


def resources_of(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of each resource of a type, by the name of its construct."""
    return {
        shown({"Ref": logical}).removesuffix("Function"): resource["Properties"]
        for logical, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


@pytest.mark.parametrize("number", ALL_NUMBERS, ids=lambda number: f"{number.construct} {number.path}")
def test_a_number_is_what_its_reason_asks_for(template: Template, number: Number) -> None:
    found = resources_of(template, number.kind)
    assert number.construct in found, sorted(found)
    assert value_at(found[number.construct], number.path) == number.expected, number.reason


def test_each_queue_has_its_numbers_in_the_table(template: Template) -> None:
    assert set(resources_of(template, "AWS::SQS::Queue")) == {number.construct for number in QUEUES}


def test_each_function_has_its_numbers_in_the_table(template: Template) -> None:
    every = {number.construct for number in FUNCTION_NUMBERS}
    assert set(resources_of(template, "AWS::Lambda::Function")) == every


# (messages, seconds to wait for them, functions at a time), and why.
SOURCES = {
    "AuditTrail": (100, 60, None, "For a minute, other programs can read a record before the archive takes it."),
    "Removals": (10, None, None, "A removal is wanted soon."),
    "UndeliveredIntake": (10, None, None, "An event that was not delivered is rare, and wanted soon."),
    "ReportsQueue": (1_000, 60, 2, "A minute's reports are one mail; SNS suspends a mailbox at ten mails a second."),
}


def test_each_queue_feeds_its_function_in_batches_that_suit_it(template: Template) -> None:
    sources = {shown(one["EventSourceArn"]): one for one in of_type(template, "AWS::Lambda::EventSourceMapping")}
    assert set(sources) == set(SOURCES)
    for queue, (*numbers, reason) in SOURCES.items():
        paths = "BatchSize", "MaximumBatchingWindowInSeconds", "ScalingConfig.MaximumConcurrency"
        assert [value_at(sources[queue], path) for path in paths] == numbers, f"{queue}: {reason}"
        assert sources[queue]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


AT_THE_FIRST = "One is one too many."
A_QUARTER = "Retries end throttling within minutes; three periods of five minutes need a person."
# (statistic, seconds of a period, periods, threshold), and why.
ALARMS = {
    "ExecutionsFailed": ("Sum", 300, 1, 1, AT_THE_FIRST),
    "ExecutionsTimedOut": ("Sum", 300, 1, 1, AT_THE_FIRST),
    "ExecutionsAborted": ("Sum", 300, 1, 1, AT_THE_FIRST),
    "BackfillFailed": ("Sum", 300, 1, 1, AT_THE_FIRST),
    "EventsLost": ("Sum", 300, 1, 1, AT_THE_FIRST),
    "AuditDeadLetters": ("Maximum", 300, 1, 1, AT_THE_FIRST),
    "MailDeadLetters": ("Maximum", 300, 1, 1, AT_THE_FIRST),
    "RemovalDeadLetters": ("Maximum", 300, 1, 1, AT_THE_FIRST),
    "UndeliveredEvents": ("Maximum", 300, 1, 1, AT_THE_FIRST),
    "UndeliveredIntake": ("Maximum", 300, 1, 1, AT_THE_FIRST),
    "AuditTrailAge": ("Maximum", 300, 1, 3600, "The archive reads a record after a minute; an hour is a fault."),
    "RekognitionThrottled": ("Sum", 300, 3, 1, A_QUARTER),
    "FunctionsThrottled": ("Sum", 300, 3, 1, A_QUARTER),
    "SubscriptionsLost": ("Sum", 6 * 3600, 5, 1, "Errors of 30 hours: a check that found nothing ends the alarm."),
    "NothingSucceeds": (None, None, 2, 1, "A photo may take half an hour in a burst, but not an hour."),
}


def test_each_alarm_has_a_statistic_and_a_threshold_with_a_reason(template: Template) -> None:
    alarms = {alarm["AlarmName"].split("-")[1]: alarm for alarm in of_type(template, "AWS::CloudWatch::Alarm")}
    assert set(alarms) == set(ALARMS)
    for name, (*numbers, reason) in ALARMS.items():
        alarm = alarms[name]
        fields = "Statistic", "Period", "EvaluationPeriods", "Threshold"
        assert [alarm.get(field) for field in fields] == numbers, f"{name}: {reason}"
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        one_check = 1 if name == "SubscriptionsLost" else None
        assert alarm.get("DatapointsToAlarm") in {one_check, one_check or alarm["EvaluationPeriods"]}


def test_the_alarm_without_successes_looks_at_half_an_hour_of_each_metric(template: Template) -> None:
    (alarm,) = [one for one in of_type(template, "AWS::CloudWatch::Alarm") if "Metrics" in one]
    stats = {one["Id"]: one["MetricStat"] for one in alarm["Metrics"] if "MetricStat" in one}
    assert {name: (stat["Stat"], stat["Period"]) for name, stat in stats.items()} == {
        "arrived": ("Sum", 1800),
        "succeeded": ("Sum", 1800),
    }


@pytest.fixture(scope="module")
def by_ses(synthesize: Synthesize) -> Template:
    """Return the template of a stack that mails through SES, without an address of the operators."""
    return synthesize(reportSender=SENDER, operatorsEmail="").template


def test_drawing_has_memory_for_the_largest_picture(by_ses: Template) -> None:
    """A PNG of 10,000 pixels a side has 400 MB when it is decoded; the sandbox may use 1,700 MiB."""
    function = resources_of(by_ses, "AWS::Lambda::Function")["SendDigest"]
    assert (function["MemorySize"], function["Timeout"]) == (2048, 30)


def test_without_an_operator_failures_go_to_the_one_who_gets_the_reports(by_ses: Template) -> None:
    """SES has no subscriptions: the function itself must know an address for failures."""
    variables = environment(by_ses, "send_digest")
    addresses = [variables[name] for name in ("OPERATORS_EMAIL", "REPORT_EMAIL", "REPORT_SENDER")]
    assert addresses == [PEOPLE["reportEmail"], PEOPLE["reportEmail"], SENDER]
    assert subscribers(by_ses) == {("Operators", PEOPLE["reportEmail"]): ["everything"]}


def test_the_same_settings_make_the_same_template(synthesize: Synthesize) -> None:
    """A list in the order of a set would differ from process to process, and each deploy would change the role."""
    names = _not_in_order()
    settings = {"reportSender": names[0], "reportEmail": names[1], "operatorsEmail": names[2]}
    roles = of_type(synthesize(**settings).template, "AWS::IAM::Policy")
    statements = [statement for role in roles for statement in role["PolicyDocument"]["Statement"]]
    senders = [statement for statement in statements if "ses:SendEmail" in statement["Action"]]
    assert len(senders) == 2, "of reports, and of what the check of the subscriptions found"
    for send in senders:
        identities = ["".join(str(part) for part in one["Fn::Join"][1]).rsplit("/", 1)[-1] for one in send["Resource"]]
        assert identities == sorted([*names, "example.com"])


def _not_in_order() -> list[str]:
    """Return three addresses whose set this process does not give in alphabetical order."""
    for number in range(1_000):
        names = [f"{letter}{number}@example.com" for letter in "abc"]
        if list(set(names)) != names:
            return names
    raise AssertionError("sets are sorted")


def test_an_asset_leaves_out_the_other_functions_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system lists a folder in any order, and the order is part of the asset's hash."""
    plain = type(FUNCTIONS).iterdir
    first = other_functions("send_digest")
    monkeypatch.setattr(type(FUNCTIONS), "iterdir", lambda folder: sorted(plain(folder), reverse=True))
    assert other_functions("send_digest") == first
    assert {"detect_labels", "**/__pycache__"} <= set(first)
    assert not {"send_digest", "imagelabels_shared"} & set(first)
