"""A Distributed Map of the local stack makes batches, bounds its children, ends when it is stopped, and counts."""

import json
import threading
from typing import Any

import pytest
from ministack.services import stepfunctions

from imagelabels.local.emulator import stepfunctions_distributed_map as corrected

ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:library"
PASS = {"StartAt": "Same", "States": {"Same": {"Type": "Pass", "End": True}}}
FAILS = {"StartAt": "Fails", "States": {"Fails": {"Type": "Fail", "Error": "Broken"}}}
BATCHER = {"MaxItemsPerBatch": 3, "BatchInput": {"run.$": "$.run"}}


@pytest.fixture(autouse=True)
def _corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    # monkeypatch restores what the correction replaces for the whole process.
    monkeypatch.setattr(stepfunctions, "_run_distributed_map", stepfunctions._run_distributed_map)  # noqa: SLF001
    corrected.apply()


def run(items: int, processor: dict[str, Any] | None = None, status: str = "RUNNING", **fields: Any) -> Any:
    """Run a Map state over so many items; return its output."""
    state = {"Type": "Map", "ItemsPath": "$.items", "End": True, **fields}
    execution = {"executionArn": "parent", "stateMachineArn": ARN, "status": status}
    data = {"items": list(range(items)), "run": "a run"}
    output, _next = stepfunctions._run_distributed_map(state, data, data, processor or PASS, execution, {})  # noqa: SLF001
    return output


def last_run() -> dict[str, Any]:
    found: dict[str, Any] = list(stepfunctions._map_runs.values())[-1]  # noqa: SLF001
    return found


def test_a_child_gets_a_batch_and_what_all_batches_share() -> None:
    output = run(7, ItemBatcher=BATCHER)
    assert output[0] == {"BatchInput": {"run": "a run"}, "Items": [0, 1, 2]}
    assert [batch["Items"] for batch in output] == [[0, 1, 2], [3, 4, 5], [6]]
    counts = last_run()
    assert (counts["itemCounts"]["succeeded"], counts["executionCounts"]["succeeded"]) == (7, 3)
    assert counts["status"] == "SUCCEEDED"


def test_a_batch_ends_before_it_is_too_large() -> None:
    bytes_of_two = len(json.dumps({"Items": [0, 1]}))
    assert len(run(6, ItemBatcher={"MaxItemsPerBatch": 5, "MaxInputBytesPerBatch": bytes_of_two})) == 3


def test_without_batches_each_item_has_a_child() -> None:
    assert run(3) == [0, 1, 2]


def test_no_more_children_run_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    run_states = stepfunctions._run_sub_machine  # noqa: SLF001

    def counted(*arguments: Any) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        result = run_states(*arguments)
        with lock:
            running -= 1
        return result

    monkeypatch.setattr(stepfunctions, "_run_sub_machine", counted)
    run(50, MaxConcurrency=2)
    assert most <= 2


def test_the_first_failure_that_is_not_tolerated_ends_the_run() -> None:
    with pytest.raises(stepfunctions._ExecutionError) as raised:  # noqa: SLF001
        run(9, FAILS, ItemBatcher=BATCHER, MaxConcurrency=1)
    assert raised.value.error == "States.ExceedToleratedFailureThreshold"
    counts = last_run()["itemCounts"]
    assert (counts["failed"], counts["aborted"], counts["pending"]) == (3, 6, 0)


def test_tolerated_failures_are_counted() -> None:
    assert run(4, FAILS, ToleratedFailurePercentage=100) == []
    assert last_run()["itemCounts"]["failed"] == 4


def test_nothing_begins_after_the_execution_was_stopped() -> None:
    assert run(4, status="ABORTED") == []
    assert last_run()["status"] == "ABORTED"
    assert last_run()["itemCounts"]["aborted"] == 4


def test_results_that_are_too_large_need_a_writer() -> None:
    with pytest.raises(stepfunctions._ExecutionError) as raised:  # noqa: SLF001
        run(60_000, ItemBatcher={"MaxItemsPerBatch": 30_000, "MaxInputBytesPerBatch": 200_000})
    assert raised.value.error == "States.DataLimitExceeded"


def test_a_writer_without_a_bucket_fails() -> None:
    with pytest.raises(stepfunctions._ExecutionError) as raised:  # noqa: SLF001
        run(1, ResultWriter={"Parameters": {"Bucket": "nowhere", "Prefix": "results"}})
    assert raised.value.error == "States.ResultWriterFailed"
