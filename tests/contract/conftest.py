"""The definition and the template that have to agree."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.definition import definition_json
from tests.synthesis import of_type

ROOT = Path(__file__).parents[2]
MACHINE = "AWS::StepFunctions::StateMachine"
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
    return set(machine(template, "label-image")["DefinitionSubstitutions"])


def machine(template: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the properties of a state machine of the template."""
    (found,) = [one for one in of_type(template, MACHINE) if one["StateMachineName"] == name]
    return found
