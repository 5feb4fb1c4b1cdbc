"""Each command with --json has a schema in docs/json/; the end-to-end tests compare real output with it."""

import json
from dataclasses import fields
from typing import Any

import pytest
import typer.main
from jsonschema import Draft202012Validator

from imagelabels.cli import app
from imagelabels.operations.audit_trail import ArchivedRun
from imagelabels.operations.dead_letters import DeadLetter
from imagelabels.operations.doctor.check_result import CheckResult
from imagelabels.operations.reconciliation import MEANS, Disagreement
from imagelabels.paths import ROOT
from imagelabels.search.label_index import Reading
from imagelabels_shared.table.records import ImageItem, LabelItem

FOLDER = ROOT / "docs" / "json"
ENDING = ".schema.json"
# Only a label of Custom Labels has a source, and only a photo labelled with imageProperties has the others.
OPTIONAL = {"source", "dominant_colors", "quality"}
COMMANDS: Any = typer.main.get_command(app)


def schema(command: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{command}{ENDING}").read_text()))


def test_each_command_with_json_has_a_schema_and_no_other() -> None:
    with_json = {
        name for name, command in COMMANDS.commands.items() if any("--json" in param.opts for param in command.params)
    }
    assert {file.name.removesuffix(ENDING) for file in FOLDER.iterdir()} == with_json


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_a_schema_is_one(file: Any) -> None:
    Draft202012Validator.check_schema(json.loads(file.read_text()))


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        (schema("trail"), {field.name for field in fields(ArchivedRun)}),
        (schema("dead-letters"), {field.name for field in fields(DeadLetter)} | {"sentBack"}),
        (schema("reconcile"), {field.name for field in fields(Disagreement)} | {"fixed"}),
        (schema("doctor")["items"], set(CheckResult._fields)),
        (schema("search")["properties"]["read"], {field.name for field in fields(Reading)}),
        (schema("show")["properties"]["image"], set(ImageItem.__annotations__)),
        (schema("show")["properties"]["labels"]["items"], set(LabelItem.__annotations__)),
    ],
)
def test_a_schema_has_the_fields_of_the_code(shape: dict[str, Any], names: set[str]) -> None:
    assert set(shape["properties"]) == names
    assert set(shape["required"]) == names - OPTIONAL
    assert shape["additionalProperties"] is False


def test_the_schema_of_reconcile_has_every_problem() -> None:
    assert set(schema("reconcile")["properties"]["problem"]["enum"]) == set(MEANS)
