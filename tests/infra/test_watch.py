"""Alarms and the dashboard."""

import json
import re
from typing import Any

import pytest

from imagelabels.local.template import make_local
from imagelabels.paths import ROOT
from tests.synthesis import Synthesize, of_type
from tools.permissions import shown

Template = dict[str, Any]
COUNT = re.compile(r'count\(\s*"(\w+)"')
NAMED_ALARM = re.compile(r"alarms? (?:ImageLabels-)?`(\w+)`")
VISIBLE = "ApproximateNumberOfMessagesVisible"


@pytest.fixture
def alarms(template: Template) -> dict[str, dict[str, Any]]:
    """The alarms' properties by name, without the stack's."""
    return {alarm["AlarmName"].split("-")[1]: alarm for alarm in of_type(template, "AWS::CloudWatch::Alarm")}


def dead_letter_queues(template: Template) -> set[str]:
    """Return every queue that something of the stack sends its dead letters to."""
    redrives = [queue["RedrivePolicy"]["deadLetterTargetArn"] for queue in _with(template, "RedrivePolicy")]
    targets = [target for rule in of_type(template, "AWS::Events::Rule") for target in rule["Targets"]]
    of_rules = [target["DeadLetterConfig"]["Arn"] for target in targets if "DeadLetterConfig" in target]
    of_functions = [function["DeadLetterConfig"]["TargetArn"] for function in _with(template, "DeadLetterConfig")]
    return {shown(arn) for arn in (*redrives, *of_rules, *of_functions)}


def _with(template: Template, name: str) -> list[dict[str, Any]]:
    every = [resource.get("Properties", {}) for resource in template["Resources"].values()]
    return [properties for properties in every if name in properties]


def test_every_dead_letter_queue_has_an_alarm_at_the_first_message(
    template: Template, alarms: dict[str, dict[str, Any]]
) -> None:
    watching = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: alarm
        for alarm in alarms.values()
        if alarm.get("MetricName") == VISIBLE
    }
    assert {shown({"Ref": queue}) for queue in watching} == dead_letter_queues(template)
    assert all(alarm["Threshold"] == 1 and alarm["EvaluationPeriods"] == 1 for alarm in watching.values())


@pytest.mark.parametrize(
    ("alarm", "metric"),
    [
        ("ExecutionsFailed", "ExecutionsFailed"),
        ("ExecutionsTimedOut", "ExecutionsTimedOut"),
        ("ExecutionsAborted", "ExecutionsAborted"),
        ("AuditTrailAge", "ApproximateAgeOfOldestMessage"),
        ("EventsLost", "InvocationsFailedToBeSentToDlq"),
        ("RekognitionThrottled", "ThrottledCount"),
        ("FunctionsThrottled", "Throttles"),
    ],
)
def test_each_of_these_metrics_has_an_alarm(alarms: dict[str, dict[str, Any]], alarm: str, metric: str) -> None:
    assert alarms[alarm]["MetricName"] == metric


def test_throttling_alarms_after_a_quarter_of_an_hour(alarms: dict[str, dict[str, Any]]) -> None:
    for name in ("RekognitionThrottled", "FunctionsThrottled"):
        assert alarms[name]["EvaluationPeriods"] * alarms[name]["Period"] == 15 * 60


def test_an_alarm_tells_of_photos_without_a_success(alarms: dict[str, dict[str, Any]]) -> None:
    metrics = {metric["Id"]: metric for metric in alarms["NothingSucceeds"]["Metrics"]}
    (expression,) = [metric["Expression"] for metric in metrics.values() if "Expression" in metric]
    assert expression == "IF(FILL(arrived, 0) > 0 AND FILL(succeeded, 0) == 0, 1, 0)"
    names = {name: metrics[name]["MetricStat"]["Metric"]["MetricName"] for name in ("arrived", "succeeded")}
    assert names == {"arrived": "TriggeredRules", "succeeded": "ExecutionsSucceeded"}


def test_every_alarm_tells_the_operators_when_it_begins_and_ends(alarms: dict[str, dict[str, Any]]) -> None:
    for alarm in alarms.values():
        assert [shown(action) for action in alarm["AlarmActions"]] == ["Operators"]
        assert alarm["AlarmActions"] == alarm["OKActions"]
        assert alarm["TreatMissingData"] == "notBreaching"


def test_no_text_promises_an_alarm_that_is_not_there(alarms: dict[str, dict[str, Any]]) -> None:
    """One of them promised another, on slowed starts, that nobody had made."""
    assert [name for name, alarm in alarms.items() if "alarm" in alarm["AlarmDescription"].lower()] == []
    pages = [file.read_text() for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    named = {name for page in pages for name in NAMED_ALARM.findall(page)}
    assert named
    assert named <= alarms.keys()


@pytest.fixture
def widgets(template: Template) -> list[dict[str, Any]]:
    (dashboard,) = of_type(template, "AWS::CloudWatch::Dashboard")
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    body = "".join(part if isinstance(part, str) else shown(part) for part in parts)
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def test_the_dashboard_has_these_graphs(widgets: list[dict[str, Any]]) -> None:
    assert [widget["properties"]["title"] for widget in widgets] == [
        "Executions by outcome",
        "Duration",
        "Throttles",
        "Events",
        "Oldest message",
        "Messages",
        "Calls of Rekognition a second",
        "Images and labels a day",
        "Estimated cost a day",
    ]


def test_each_metric_of_ours_is_counted_by_the_function_that_it_names(widgets: list[dict[str, Any]]) -> None:
    """`["ImageLabels", "Images", "outcome", "LABELLED", "service", "publish_report", …]`."""
    lines = [line for widget in widgets for line in widget["properties"]["metrics"] if line[0] == "ImageLabels"]
    assert lines
    for line in lines:
        folder = ROOT / "functions" / line[line.index("service") + 1]
        counted = {name for file in folder.glob("*.py") for name in COUNT.findall(file.read_text())}
        assert line[1] in counted


def test_locally_an_alarm_on_metric_math_watches_its_first_metric(synthesize: Synthesize, tmp_path: Any) -> None:
    make_local(synthesize().folder, tmp_path / "assembly", "http://127.0.0.1:1")
    local = json.loads((tmp_path / "assembly" / "ImageLabels.template.json").read_text())
    every = of_type(local, "AWS::CloudWatch::Alarm")
    (failing,) = [alarm for alarm in every if alarm["AlarmName"].endswith("Succeeds")]
    assert "Metrics" not in failing
    assert (failing["MetricName"], failing["Period"], failing["Statistic"]) == ("TriggeredRules", 1800, "Sum")
