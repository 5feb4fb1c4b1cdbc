"""The definition and the template that have to agree."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.definition import definition_json

ROOT = Path(__file__).parents[2]
STEPS = sorted(handler.parent.name for handler in (ROOT / "functions").glob("*/handler.py"))


@pytest.fixture(scope="session")
def text() -> str:
    return definition_json()


@pytest.fixture
def definition(text: str) -> dict[str, Any]:
    """The definition; a test may change its own copy."""
    return dict(json.loads(text))


@pytest.fixture(scope="session")
def substitutions(template: dict[str, Any]) -> set[str]:
    """The names that the template gives a value to."""
    resources = template["Resources"].values()
    (machine,) = (item for item in resources if item["Type"] == "AWS::StepFunctions::StateMachine")
    return set(machine["Properties"]["DefinitionSubstitutions"])
