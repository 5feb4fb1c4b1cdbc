"""Findings of cdk-nag and of cfn-lint are fixed or acknowledged with a reason."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.synthesis import Assembly, Synthesize

if TYPE_CHECKING:
    import aws_cdk as cdk

ACKNOWLEDGED = "aws:cdk:acknowledged-rules"
LINTER_ACKNOWLEDGED = {
    "W3005": "The CDK writes a function's dependence on its role twice; CloudFormation takes it once."
}


def acknowledged(app: "cdk.App") -> list[tuple[str, str, str]]:
    """Return (construct path, rule, reason) of every acknowledged finding."""
    return [
        (construct.node.path, rule, reason)
        for construct in app.node.find_all()
        for entry in construct.node.metadata
        if entry.type == ACKNOWLEDGED
        for rule, reason in entry.data.items()
    ]


def findings(folder: Path) -> set[tuple[str, str]]:
    """Return (construct path, rule) of every finding in a validation report."""
    report = json.loads((folder / "validation-report.json").read_text())
    return {
        (construct["constructPath"], f"{plugin['pluginName']}::{violation['ruleName']}")
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


@pytest.fixture(scope="module")
def inspected(synthesize: Synthesize) -> Assembly:
    return synthesize(inspected=True)


def test_no_finding_of_cdk_nag_is_unacknowledged(inspected: Assembly, record_property: Callable[..., None]) -> None:
    assert findings(inspected.folder) == set()
    kept = acknowledged(inspected.app)
    lines = [f"  {path.removeprefix('ImageLabels/')}: {rule.split('::', 1)[1]}\n    {why}" for path, rule, why in kept]
    head = f"cdk-nag: 0 findings unacknowledged, {len(kept)} acknowledged:"
    record_property("summary", "\n".join([head, *lines]))


@pytest.mark.parametrize(
    "settings", [{"stage": "prod"}, {"reportSender": "labels@example.com"}, {"reportPhone": "+15551234567"}]
)
def test_other_settings_have_no_finding_either(synthesize: Synthesize, settings: dict[str, str]) -> None:
    assert findings(synthesize(inspected=True, **settings).folder) == set()


def test_every_acknowledgement_has_a_reason_and_a_finding(
    inspected: Assembly, synthesize: Synthesize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An acknowledgement without a finding would hide the next one."""
    monkeypatch.setattr("aws_cdk.Validations.acknowledge", lambda *_rules: None)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        synthesize(inspected=True, into=tmp_path)
    found = findings(tmp_path)
    for path, rule, reason in acknowledged(inspected.app):
        assert reason.endswith(".")
        assert any(place.startswith(path) and rule == name for place, name in found), f"{path} no longer has {rule}"


def inlined(template: dict[str, Any]) -> dict[str, Any]:
    """Return the template with each state machine's definition as JSON, which the linter reads state by state."""
    copy: dict[str, Any] = json.loads(json.dumps(template))
    for resource in copy["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            # The linter knows one partition.
            text = resource["Properties"].pop("DefinitionString").replace("${Partition}", "aws")
            resource["Properties"]["Definition"] = json.loads(text)
            resource["Properties"]["DefinitionSubstitutions"].pop("Partition")
    return copy


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_linter_finds_nothing_unacknowledged(
    stage: str, synthesize: Synthesize, record_property: Callable[..., None]
) -> None:
    # Imported here: it takes seconds, and other tests do not need it.
    from cfnlint.api import lint  # noqa: PLC0415  # see above
    from cfnlint.config import ManualArgs  # noqa: PLC0415  # see above

    matches = lint(json.dumps(inlined(synthesize(stage=stage).template)), config=ManualArgs(regions=["us-east-1"]))
    assert [match for match in matches if match.rule.id not in LINTER_ACKNOWLEDGED] == []
    kept = Counter(match.rule.id for match in matches)
    assert kept.keys() == LINTER_ACKNOWLEDGED.keys(), "an acknowledgement without a finding would hide the next one"
    lines = [f"  {count} × {rule}: {LINTER_ACKNOWLEDGED[rule]}" for rule, count in kept.items()]
    head = f"cfn-lint ({stage}): 0 findings unacknowledged, {kept.total()} acknowledged:"
    record_property("summary", "\n".join([head, *lines]))
