"""The definition of `label-library` keeps the rules of that of `label-image`, inside its Map states, too."""

import json
from typing import Any

import pytest

from imagelabels_shared import library
from infra.definition import LIBRARY_FILE, definition, definition_json
from tests.contract import checks
from tests.contract.conftest import machine

# A batch that fails ends the run red, and a redrive goes on with it: nothing is caught.
UNCAUGHT = "no Catch for everything else"
ACCESS = {"Bucket": "${WorkBucketName}", "Prefix": library.RESULTS}


@pytest.fixture
def workflow() -> dict[str, Any]:
    return definition(LIBRARY_FILE)


def maps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [state for state in workflow["States"].values() if state["Type"] == "Map"]


def task(state: dict[str, Any]) -> dict[str, Any]:
    """Return the Task of a Map state."""
    processor = state["ItemProcessor"]
    return dict(processor["States"][processor["StartAt"]])


def test_every_state_can_be_reached_and_every_target_exists(workflow: dict[str, Any]) -> None:
    for part in (workflow, *(state["ItemProcessor"] for state in maps(workflow))):
        assert checks.missing_targets(part) == []
        assert checks.unreachable_states(part) == []


def test_tasks_are_retried_as_those_of_label_image(workflow: dict[str, Any]) -> None:
    functions = [state for state in definition()["States"].values() if "lambda" in state.get("Resource", "")]
    for state in maps(workflow):
        assert list(checks.careless_tasks(state["ItemProcessor"])) == [
            f"{state['ItemProcessor']['StartAt']}: {UNCAUGHT}"
        ]
        assert task(state)["Retry"] == functions[0]["Retry"]


def test_no_business_error_is_retried(workflow: dict[str, Any]) -> None:
    names = {name for name in checks.error_names(workflow) if not name.startswith(checks.AWS_ERRORS)}
    assert names == {"ThrottledError", "ServiceUnavailableError"}


def test_the_template_carries_the_definition_with_a_value_for_each_name(template: dict[str, Any]) -> None:
    found, text = machine(template, "label-library"), definition_json(LIBRARY_FILE)
    assert found["DefinitionString"] == text
    assert checks.unmatched_substitutions(text, found["DefinitionSubstitutions"]) == []
    assert "arn:aws" not in text
    assert checks.repeated_keys(LIBRARY_FILE.read_text()) == []


def test_both_maps_handle_their_items_alike(workflow: dict[str, Any]) -> None:
    """All but what they read: each result is written where the role may write, and each list is read where it may."""
    one, other = maps(workflow)
    differ = {"Comment", "Label", "ItemReader", "ItemProcessor"}
    assert {key: value for key, value in one.items() if key not in differ} == {
        key: value for key, value in other.items() if key not in differ
    }
    assert task(one) | {"Next": ""} == task(other) | {"Next": ""}
    assert one["ResultWriter"]["Parameters"] == ACCESS
    assert library.LISTS in json.dumps(other["ItemReader"])


def test_batches_know_how_many_they_are(workflow: dict[str, Any]) -> None:
    for state in maps(workflow):
        payload = task(state)["Parameters"]["Payload"]
        assert payload["atOnce"] == state["MaxConcurrency"]
        assert payload["full"] == state["ItemBatcher"]["MaxItemsPerBatch"] == library.MOST_AT_ONCE
