"""The pure parts of `make bench`: the null pipeline's definition, times from a history, ratios and tables."""

import json
from datetime import UTC, datetime, timedelta

from infra.definition import definition, definition_json
from tools.bench.null_workflow import filled, functions
from tools.bench.runs import task_seconds
from tools.bench.table import cells, ratio, table

BEGIN = datetime(2026, 11, 25, tzinfo=UTC)


def test_the_null_pipeline_has_the_states_of_the_definition_with_names_of_its_own() -> None:
    names = {f"{function}FunctionArn": f"null-{function}" for function in functions().values()}
    others = {"AuditQueueUrl": "audit", "RemovalQueueUrl": "removals", "Partition": "aws"}
    null = json.loads(filled(definition_json(), names | others))
    assert null["States"].keys() == definition()["States"].keys()
    assert null["States"]["DetectLabels"]["Parameters"]["FunctionName"] == "null-DetectLabels"
    assert {state for state, function in functions().items() if function == "PublishReport"} == {
        *("PublishReport", "PublishRejection", "PublishFailure")
    }


def test_a_task_takes_from_its_entry_to_its_exit() -> None:
    history = [
        {"type": "ChoiceStateEntered", "timestamp": BEGIN},
        {"type": "TaskStateEntered", "timestamp": BEGIN + timedelta(seconds=1)},
        {"type": "TaskSucceeded", "timestamp": BEGIN + timedelta(seconds=2)},
        {
            "type": "TaskStateExited",
            "timestamp": BEGIN + timedelta(seconds=3),
            "stateExitedEventDetails": {"name": "DetectLabels"},
        },
    ]
    assert list(task_seconds(history)) == [("DetectLabels", 2.0)]


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    assert ratio([1, 10, 3], [1, 20, 1]) == 1
    assert cells([0.2, 0.2, 0.6], [0.1, 0.1, 0.1], unit=1000) == ("100", "2.00")
    assert cells([0.001], [0]) == ("0", "-")


def test_a_table_is_markdown_in_columns() -> None:
    assert table(("", "ms"), [("one photo", "463"), ("all", "9")]).splitlines() == [
        "|           |  ms |",
        "| --------- | --: |",
        "| one photo | 463 |",
        "| all       |   9 |",
    ]
