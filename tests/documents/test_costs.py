"""The costs in the code count what the template and the functions have; docs/costs.md and README say the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from imagelabels.paths import ROOT
from imagelabels_shared import costs
from imagelabels_shared.costs import of_metrics, of_month, of_photo, total
from imagelabels_shared.prices import CUSTOM_LABELS, IMAGE_PROPERTIES
from infra.metrics import NAMESPACE
from tools.costs_page import PAGE, page

README = (ROOT / "README.md").read_text()
COUNTED = re.compile(r'\bcount\("(\w+)"')
ALARM, DASHBOARD, MAPPING = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Lambda::EventSourceMapping"


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in template["Resources"].values() if one["Type"] == kind]


def paid_metrics(alarm: dict[str, Any]) -> int:
    """Return how many metrics of an alarm are paid for: all but results of metric math."""
    return sum("MetricStat" in query for query in alarm.get("Metrics", [])) or 1


def shown_metrics(template: dict[str, Any]) -> set[tuple[str, ...]]:
    """Return the name and the dimensions of each metric of our own that the dashboard shows."""
    (dashboard,) = of_type(template, DASHBOARD)
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else "x" for part in parts))
    lines = [line for widget in body["widgets"] for line in widget["properties"].get("metrics", [])]
    return {tuple(word for word in line if isinstance(word, str))[1:] for line in lines if line[0] == NAMESPACE}


def test_the_counts_of_a_month_are_those_of_the_template(template: dict[str, Any]) -> None:
    assert sum(paid_metrics(alarm) for alarm in of_type(template, ALARM)) == costs.ALARM_METRICS
    assert len(of_type(template, "AWS::KMS::Key")) == costs.KEYS
    assert len(of_type(template, MAPPING)) == costs.POLLED_QUEUES


def test_each_metric_that_a_function_writes_is_on_the_dashboard_or_in_an_alarm(template: dict[str, Any]) -> None:
    """A metric that nobody sees costs as much as one that is seen."""
    shown = shown_metrics(template)
    sources = "".join(path.read_text() for path in Path(ROOT / "functions").rglob("*.py"))
    assert set(COUNTED.findall(sources)) == {metric[0] for metric in shown}
    assert len(shown) == costs.METRICS


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text() == page()


def test_more_labels_and_a_conversion_cost_more() -> None:
    assert total(of_photo(20)) < total(of_photo(49)) < total(of_photo(49, normalized=True))


def test_the_readme_says_the_same() -> None:
    month = {part.name: f"${part.usd:.2f}" for part in of_month()}
    words = " ".join(README.split())
    assert f"${1000 * total(of_photo()):.2f} for 1,000 photos with 20 labels each" in words
    assert f"{month['alarms']} for alarms, {month['KMS key']} for a KMS key" in words
    assert f"{month['polling the queues']} for polling the queues" in words
    assert f"up to ${of_metrics().usd:.2f} for custom metrics" in words
    assert f"together ${total(of_month()) + of_metrics().usd:.2f} at most" in words
    assert f"for ${1000 * IMAGE_PROPERTIES.usd:.2f} for 1,000 photos" in words
    assert f"for ${CUSTOM_LABELS.usd:.2f} an hour while it runs" in words


def test_colours_and_quality_cost_their_own_price_and_items_of_the_table() -> None:
    with_them, without = (
        {part.name: part.usd for part in parts} for parts in (of_photo(image_properties=True), of_photo())
    )
    assert with_them["Rekognition"] - without["Rekognition"] == pytest.approx(IMAGE_PROPERTIES.usd)
    assert {name for name in without if with_them[name] != without[name]} == {"Rekognition", "DynamoDB"}
