"""A deploy never replaces a resource with data, and changes only what was edited."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from imagelabels.local.synthesis import finish
from imagelabels.local.synthesis import synthesize as synthesize_in_a_process
from imagelabels.paths import ROOT
from tests.synthesis import PEOPLE, Assembly, Synthesize

# A new logical id is a new, empty resource. These are never renamed; a new one is added here when it is made.
PINNED = {
    "AuditDeadLetters6C49BBA3": "AWS::SQS::Queue",
    "AuditTrailFF0F2BB5": "AWS::SQS::Queue",
    "ClaimsE8D96B24": "AWS::DynamoDB::Table",
    "Images2D38C313": "AWS::S3::Bucket",
    "LabelsBA41E4AA": "AWS::DynamoDB::Table",
    "Mail6A3D1F64": "AWS::SNS::Topic",
    "MailDeadLettersAFC68608": "AWS::SQS::Queue",
    "Operators93109ECD": "AWS::SNS::Topic",
    "RemovalDeadLettersFF4A53E4": "AWS::SQS::Queue",
    "Removals3C164A73": "AWS::SQS::Queue",
    "Reports65402A0A": "AWS::SNS::Topic",
    "ReportsQueue3E7B859E": "AWS::SQS::Queue",
    "UndeliveredEvents0A4241A7": "AWS::SQS::Queue",
    "UndeliveredIntake7959C200": "AWS::SQS::Queue",
    "WorkBF636A8B": "AWS::S3::Bucket",
}
STATEFUL = {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SNS::Topic"}


def test_stateful_resources_keep_their_logical_ids(template: dict[str, Any], prod: dict[str, Any]) -> None:
    for stage in (template, prod):
        types = {name: resource["Type"] for name, resource in stage["Resources"].items()}
        assert {name: kind for name, kind in types.items() if kind in STATEFUL} == PINNED


def test_synthesizing_twice_gives_the_same_bytes(synthesize: Synthesize, tmp_path: Path) -> None:
    """Once here, once in a process of its own with another hash seed."""
    here = synthesize()
    with synthesize_in_a_process(tmp_path / "cdk.out", PEOPLE, {**os.environ, "PYTHONHASHSEED": "7"}) as process:
        finish(process)
    for name in ("ImageLabels.template.json", "ImageLabels.assets.json"):
        assert (tmp_path / "cdk.out" / name).read_bytes() == (here.folder / name).read_bytes()


def code(assembly: Assembly) -> dict[str, str]:
    """Return each function's asset by its handler's folder."""
    resources = assembly.template["Resources"].values()
    functions = [resource["Properties"] for resource in resources if resource["Type"] == "AWS::Lambda::Function"]
    return {function["Handler"].split(".")[0]: function["Code"]["S3Key"] for function in functions}


def edited(
    edit: str, synthesize: Synthesize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> tuple[dict[str, str], set[str]]:
    """Synthesize from a copy of `functions/` with one file edited; return the assets before and what changed."""
    before = code(synthesize())
    copy = tmp_path / "functions"
    shutil.copytree(ROOT / "functions", copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / edit).open("a") as file:
        file.write("# An edit.\n")
    monkeypatch.setattr("infra.lambda_function.FUNCTIONS", copy)
    after = code(synthesize(into=tmp_path / "cdk.out"))
    return before, {name for name in before if before[name] != after[name]}


def test_an_edit_in_a_step_changes_only_that_steps_function(
    synthesize: Synthesize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _before, changed = edited("detect_labels/handler.py", synthesize, monkeypatch, tmp_path)
    assert changed == {"detect_labels"}


def test_an_edit_in_what_steps_share_changes_every_function(
    synthesize: Synthesize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before, changed = edited("imagelabels_shared/aws.py", synthesize, monkeypatch, tmp_path)
    assert changed == set(before)
