"""docs/costs.md counts what the template and the definition have; the README says the same."""

from typing import Any

from imagelabels.paths import ROOT
from imagelabels_shared.prices import DETECT_LABELS, STATE_TRANSITION, TRANSITIONS

PAGE = (ROOT / "docs" / "costs.md").read_text()
README = (ROOT / "README.md").read_text()
ALARM_METRIC_DOLLARS = 0.10


def metrics(alarm: dict[str, Any]) -> int:
    """Return how many metrics of an alarm are paid for: all but results of metric math."""
    return sum("MetricStat" in query for query in alarm.get("Metrics", [])) or 1


def test_alarms_are_those_of_the_template(template: dict[str, Any]) -> None:
    alarms = [one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    paid = sum(metrics(alarm) for alarm in alarms)
    dollars = f"{paid * ALARM_METRIC_DOLLARS:.2f}"
    assert f"| alarms | {dollars} | {len(alarms)} alarms with {paid} metrics, $0.10 each |" in PAGE
    assert f"${dollars} for alarms" in README


def test_a_photo_costs_what_the_code_says() -> None:
    dollars = f"{1000 * TRANSITIONS * STATE_TRANSITION.each:.3f}"
    assert f"| Step Functions | {dollars} | {TRANSITIONS} state transitions" in PAGE
    assert f"| Rekognition | {1000 * DETECT_LABELS.each:.2f} |" in PAGE


def test_the_parts_add_up() -> None:
    parts = PAGE.split("| part | dollars |", 1)[1].split("**together**", 1)[0].splitlines()[2:]
    total = sum(float(line.split("|")[2]) for line in parts if line.count("|") > 2)
    assert f"| **together** | **{total:.2f}** |" in PAGE
    assert f"${total:.2f} for 1,000 photos" in README
