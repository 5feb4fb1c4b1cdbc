"""The definition, the synthesized template and the folders that have to agree."""

import json
import os
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from imagelabels.local.synthesis import find_node
from infra.app import build

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def text() -> str:
    return (ROOT / "statemachine" / "label_image.asl.json").read_text()


@pytest.fixture
def definition(text: str) -> dict[str, Any]:
    """The definition; a test may change its own copy."""
    return dict(json.loads(text))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The stack's template, synthesized without the wheel layers."""
    os.environ.setdefault("JSII_NODE", find_node())
    context = json.loads((ROOT / "infra" / "cdk.json").read_text())["context"] | {"aws:cdk:bundling-stacks": []}
    app = cdk.App(context=context, outdir=str(tmp_path_factory.mktemp("cdk.out")))
    stack = build(app)
    return dict(app.synth().get_stack_by_name(stack.stack_name).template)


@pytest.fixture(scope="session")
def substitutions(template: dict[str, Any]) -> set[str]:
    """The names that the template gives a value to."""
    resources = template["Resources"].values()
    (machine,) = (item for item in resources if item["Type"] == "AWS::StepFunctions::StateMachine")
    return set(machine["Properties"]["DefinitionSubstitutions"])
