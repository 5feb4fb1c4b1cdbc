"""The definition, the template, the folders and the errors use the same names, and a renamed one is noticed."""

import inspect
import re
from typing import Any

import pytest

from imagelabels_shared import errors
from infra.definition import FILE
from tests.contract import checks
from tests.contract.conftest import ROOT, machine

# Functions that are not states of `label-image`.
APART = {
    "archive_audit",
    "check_subscriptions",
    "keep_undelivered",
    "remove_labels",
    "send_digest",
    "start_photos",
}
TRANSIENT = {"ThrottledError", "ServiceUnavailableError"}


def classes() -> set[str]:
    return {name for name, _ in inspect.getmembers(errors, inspect.isclass)}


def folders() -> set[str]:
    return {handler.parent.name for handler in (ROOT / "functions").glob("*/handler.py")} - APART


def renamed(value: Any, old: str, new: str) -> Any:
    """Return a copy of a JSON value with one name replaced wherever it stands as a whole value."""
    if isinstance(value, dict):
        return {key: renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, old, new) for item in value]
    return new if value == old else value


def test_every_target_exists(definition: dict[str, Any]) -> None:
    assert checks.missing_targets(definition) == []


def test_every_state_can_be_reached(definition: dict[str, Any]) -> None:
    assert checks.unreachable_states(definition) == []


def test_a_renamed_state_is_noticed(definition: dict[str, Any]) -> None:
    """Under its new name nothing leads to it, under its old one nothing is there."""
    for name in list(definition["States"]):
        states = {("Renamed" if key == name else key): state for key, state in definition["States"].items()}
        changed = definition | {"States": states}
        assert checks.missing_targets(changed) == [f"There is no state {name}"]
        assert "Nothing leads to Renamed" in checks.unreachable_states(changed)


def test_every_task_has_a_timeout_a_bounded_retry_and_a_catch_in_a_slot(definition: dict[str, Any]) -> None:
    assert list(checks.careless_tasks(definition)) == []


@pytest.mark.parametrize("field", ["TimeoutSeconds", "Retry", "Catch"])
def test_a_task_without_one_of_them_is_noticed(definition: dict[str, Any], field: str) -> None:
    for name, state in definition["States"].items():
        if state["Type"] == "Task" and field in state:
            bare = {key: value for key, value in state.items() if key != field}
            changed = {"States": definition["States"] | {name: bare}}
            assert [complaint.split(":")[0].split()[0] for complaint in checks.careless_tasks(changed)] == [name]


@pytest.mark.parametrize("field", ["MaxDelaySeconds", "JitterStrategy", "ResultPath"])
def test_an_unbounded_retry_or_a_catch_without_a_slot_is_noticed(definition: dict[str, Any], field: str) -> None:
    state = definition["States"]["ValidateImage"]
    bounded = state["Catch" if field == "ResultPath" else "Retry"]
    for item in bounded:
        item.pop(field)
    assert len(list(checks.careless_tasks(definition))) == len(bounded)


def test_each_error_that_is_matched_is_a_class_and_the_other_way_round(definition: dict[str, Any]) -> None:
    assert checks.unmatched_errors(definition, classes()) == []


def test_a_renamed_error_is_noticed(definition: dict[str, Any]) -> None:
    """On either side."""
    for name in classes():
        complaints = checks.unmatched_errors(definition, classes() - {name} | {"RenamedError"})
        assert len(complaints) == 2
        changed = renamed(definition, name, "RenamedError")
        assert len(checks.unmatched_errors(changed, classes())) == 2


def test_only_transient_errors_are_retried(definition: dict[str, Any]) -> None:
    business = classes() - TRANSIENT
    assert checks.retried_rejections(definition, business) == []
    changed = renamed(definition, "ThrottledError", "EmptyImageError")
    assert checks.retried_rejections(changed, business) == ["EmptyImageError is retried"]


def test_every_function_is_retried_alike(definition: dict[str, Any]) -> None:
    """Also NormalizeImage: a photo that is too much for it ends the sandbox, which is a rejection."""
    functions = [state for state in definition["States"].values() if "lambda" in state.get("Resource", "")]
    assert len(functions) > 1
    assert all(state["Retry"] == functions[0]["Retry"] for state in functions)
    assert {"Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout"} <= checks.error_names(functions[0]["Retry"])


def unescaped_braces(text: str) -> list[str]:
    r"""Return the braces of each States.Format that are neither a place `{}` nor escaped as `\\{` and `\\}`.

    docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html: they are reserved.
    """
    formats = re.findall(r"States\.Format\('((?:\\.|[^'\\])*)'", text)
    return [brace for one in formats for brace in re.findall(r"[{}]", re.sub(r"\\.|\{\}", "", one))]


def test_no_format_has_a_brace_that_is_not_escaped() -> None:
    assert unescaped_braces(FILE.read_text()) == []
    assert unescaped_braces(r"States.Format('\{\"photo\": {}\}', $.image)") == []
    assert unescaped_braces("""States.Format('{"photo": {}}', $.image)""") == ["{", "}"]


def test_no_partition_is_written_out(text: str) -> None:
    """The same definition is deployed in GovCloud (`aws-us-gov`) and in China (`aws-cn`)."""
    assert "arn:aws" not in text


def test_each_substitution_has_a_value_and_a_use(text: str, substitutions: set[str]) -> None:
    assert checks.unmatched_substitutions(text, substitutions) == []


def test_a_renamed_substitution_is_noticed(text: str, substitutions: set[str]) -> None:
    for name in substitutions:
        complaints = checks.unmatched_substitutions(text.replace(f"${{{name}}}", "${Renamed}"), substitutions)
        assert complaints == [
            "Renamed is in the definition but not in the template",
            f"{name} is in the template but not in the definition",
        ]


def test_each_function_has_a_folder_a_state_and_a_handler(definition: dict[str, Any], text: str) -> None:
    """One name from picture to file."""
    assert checks.unmatched_functions(text, folders()) == []
    assert checks.unnamed_functions(definition, text) == []


def test_a_renamed_folder_or_state_is_noticed(definition: dict[str, Any], text: str) -> None:
    for folder in folders():
        assert len(checks.unmatched_functions(text, folders() - {folder} | {"renamed"})) == 2
    states = {name: state for name, state in definition["States"].items() if name != "DetectLabels"}
    assert checks.unnamed_functions({"States": states}, text) == ["No state is called DetectLabels"]


def test_no_mapping_of_the_file_has_a_key_twice() -> None:
    """YAML would keep the last one without a word."""
    assert checks.repeated_keys(FILE.read_text()) == []
    assert checks.repeated_keys("States:\n  A: {Type: Pass}\n  A: {Type: Fail}") == ["line 2: A"]


def test_what_stands_under_a_helper_key_is_not_deployed(definition: dict[str, Any]) -> None:
    assert list(definition) == ["Comment", "StartAt", "TimeoutSeconds", "States"]
    assert "<<" not in str(definition)


def test_the_template_carries_the_definition_as_it_is(template: dict[str, Any], text: str) -> None:
    """So the local run, moto and AWS interpret the same bytes."""
    assert machine(template, "label-image")["DefinitionString"] == text


def test_each_function_of_the_template_names_a_handler_that_exists(template: dict[str, Any]) -> None:
    functions = [item for item in template["Resources"].values() if item["Type"] == "AWS::Lambda::Function"]
    handlers = {item["Properties"]["Handler"] for item in functions}
    assert handlers >= {f"{folder}.handler.handler" for folder in folders()}
    for handler in handlers:
        folder, module, _name = handler.split(".")
        assert (ROOT / "functions" / folder / f"{module}.py").is_file()
