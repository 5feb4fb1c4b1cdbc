"""Environment variables are read through the models alone, and each function gets those of one of its models."""

import importlib
import inspect
import re
from dataclasses import fields
from typing import Any

import pytest

from imagelabels_shared.environment import Environment
from tests.contract.conftest import ROOT
from tests.synthesis import of_type

FUNCTIONS = ROOT / "functions"
FOLDERS = sorted(handler.parent.name for handler in FUNCTIONS.glob("*/handler.py"))
# The sandbox hands the variables that a decoder needs to its process.
READERS = {"imagelabels_shared/environment.py", "imagelabels_shared/sandbox/parent.py"}


def models(folder: str) -> list[type[Environment]]:
    """Return the models that a function's folder declares."""
    module = importlib.import_module(f"{folder}.environment")
    classes = [value for _name, value in inspect.getmembers(module, inspect.isclass)]
    return [model for model in classes if issubclass(model, Environment) and model.__module__ == module.__name__]


def test_no_other_module_reads_the_environment() -> None:
    texts = {str(path.relative_to(FUNCTIONS)): path.read_text() for path in FUNCTIONS.rglob("*.py")}
    assert {path for path, text in texts.items() if "environ[" in text or re.search(r"\bos\.environ", text)} == READERS
    assert not any("getenv" in text for text in texts.values())


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_function_has_the_variables_of_its_model(folder: str, template: dict[str, Any]) -> None:
    functions = {function["Handler"]: function for function in of_type(template, "AWS::Lambda::Function")}
    variables = functions[f"{folder}.handler.handler"]["Environment"]["Variables"]
    own = {name for name in variables if not name.startswith("POWERTOOLS_")}
    assert own in [{field.name.upper() for field in fields(model)} for model in models(folder)]
