"""A Distributed Map with batches, a bounded number of children, results in S3, and an end when it is stopped."""

import contextvars
import copy
import json
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack.services import s3, stepfunctions

# What a state may return, and the input of a child execution, in bytes.
MOST_BYTES = 262_144
# Children that run at a time when MaxConcurrency is not set; AWS runs up to 10,000.
MOST_CHILDREN = 64
RUNNING, SUCCEEDED, FAILED, ABORTED = "RUNNING", "SUCCEEDED", "FAILED", "ABORTED"
COUNTED = {SUCCEEDED: "succeeded", FAILED: "failed", ABORTED: "aborted"}
OTHER_COUNTS = ("timedOut", "resultsWritten", "failuresNotRedrivable", "pendingRedrive")
State = dict[str, Any]


def apply() -> None:
    """Run a Distributed Map as AWS does.

    AWS: ItemBatcher makes one child execution of many items; ResultWriter writes the results to S3, and without it the
    state fails when they are too large; the Map Run ends at the first failures that are not tolerated, and when its
    execution is stopped; DescribeMapRun counts items and executions.
    The emulator: it ignores ItemBatcher and ResultWriter, returns results of any size, and runs every item to its end.
    Source: docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
    """

    def run(state: State, raw: Any, effective: Any, processor: State, execution: State, ctx: State) -> tuple[Any, Any]:
        items = _items(state, effective, ctx)
        batches = [copy.deepcopy(batch) for batch in _batches(state, items, effective, ctx)]
        results = MapRun(state, processor, execution, ctx).run(batches)
        output = _written(state, results, effective, ctx)
        result = stepfunctions._apply_result_path(state, raw, stepfunctions._apply_result_selector(state, output))  # noqa: SLF001
        return stepfunctions._apply_output_path(state, result, ctx), stepfunctions._next_or_end(state)  # noqa: SLF001

    stepfunctions._run_distributed_map = run  # noqa: SLF001


class MapRun:
    """The Map Run of one Map state, as DescribeMapRun shows it."""

    def __init__(self, state: State, processor: State, execution: State, ctx: State) -> None:
        self._state, self._processor, self._execution, self._ctx = state, processor, execution, ctx
        _arn, _aws, _states, region, account, _kind, machine, *_rest = execution["stateMachineArn"].split(":")
        label = state.get("Label") or uuid.uuid4().hex
        self._prefix = f"arn:aws:states:{region}:{account}"
        self._name = f"{machine}/{label}"
        self._lock = threading.Lock()
        self._failed = 0
        self.arn = f"{self._prefix}:mapRun:{self._name}:{uuid.uuid4()}"
        self._view = self._describe()
        stepfunctions._map_runs[self.arn] = self._view  # noqa: SLF001

    def _describe(self) -> State:
        zero = dict.fromkeys(["pending", "running", "total", *COUNTED.values(), *OTHER_COUNTS], 0)
        return {
            "mapRunArn": self.arn,
            "executionArn": self._execution["executionArn"],
            "status": RUNNING,
            "startDate": stepfunctions.now_iso(),
            "maxConcurrency": int(self._state.get("MaxConcurrency") or 0),
            "toleratedFailurePercentage": float(self._state.get("ToleratedFailurePercentage") or 0),
            "toleratedFailureCount": int(self._state.get("ToleratedFailureCount") or 0),
            "itemCounts": dict(zero),
            "executionCounts": dict(zero),
            "redriveCount": 0,
            "_stateMachineArn": f"{self._prefix}:stateMachine:{self._name}",
        }

    def run(self, batches: list[Any]) -> list[Any]:
        """Run a child execution for each batch and return their outputs; raise the emulator's error when it failed."""
        total = sum(_size(batch) for batch in batches)
        self._move(None, "pending", total, len(batches))
        self._view["itemCounts"]["total"], self._view["executionCounts"]["total"] = total, len(batches)
        with ThreadPoolExecutor(self._view["maxConcurrency"] or MOST_CHILDREN) as pool:
            running = [pool.submit(contextvars.copy_context().run, self._child, batch) for batch in batches]
        outputs = [child.result() for child in running]
        self._end(ABORTED if self._is_stopped else FAILED if self._is_exceeded(total) else SUCCEEDED)
        return [output for output in outputs if output is not None]

    @property
    def _is_stopped(self) -> bool:
        return bool(self._execution["status"] != RUNNING)

    def _is_exceeded(self, total: int) -> bool:
        """Return whether more items failed than the state tolerates; without a threshold, it tolerates none."""
        limits = []
        if "ToleratedFailureCount" in self._state:
            limits.append(self._failed > self._view["toleratedFailureCount"])
        if "ToleratedFailurePercentage" in self._state:
            limits.append(self._failed * 100 > self._view["toleratedFailurePercentage"] * total)
        return any(limits) if limits else self._failed > 0

    def _end(self, status: str) -> None:
        self._view |= {"status": status, "stopDate": stepfunctions.now_iso()}
        if status == FAILED:
            why = "The specified tolerated failure threshold was exceeded"
            raise stepfunctions._ExecutionError("States.ExceedToleratedFailureThreshold", why)  # noqa: SLF001

    def _child(self, batch: Any) -> Any:
        size = _size(batch)
        if self._is_stopped or self._is_exceeded(self._view["itemCounts"]["total"]):
            self._move("pending", COUNTED[ABORTED], size, 1)
            return None
        child = self._start(batch)
        self._move("pending", "running", size, 1)
        output, status = self._outcome(child, batch)
        child["stopDate"] = stepfunctions.now_iso()
        self._move("running", COUNTED[status], size, 1)
        return output

    def _start(self, batch: Any) -> State:
        name = str(uuid.uuid4())
        child = {
            "executionArn": f"{self._prefix}:execution:{self._name}:{name}",
            "stateMachineArn": self._view["_stateMachineArn"],
            "name": name,
            "status": RUNNING,
            "startDate": stepfunctions.now_iso(),
            "stopDate": None,
            "input": json.dumps(batch),
            "inputDetails": {"included": True},
            "output": None,
            "outputDetails": {"included": True},
            "mapRunArn": self.arn,
            "events": [],
            "testCase": self._execution.get("testCase"),
            "mockAttempts": {},
        }
        stepfunctions._executions[child["executionArn"]] = child  # noqa: SLF001
        return child

    def _outcome(self, child: State, batch: Any) -> tuple[Any, str]:
        own = {"Id": child["executionArn"], "Name": child["name"], "StartTime": child["startDate"], "Input": batch}
        ctx = copy.deepcopy(self._ctx) | {"Execution": own}
        states, start = self._processor["States"], self._processor["StartAt"]
        try:
            output = stepfunctions._run_sub_machine(states, start, batch, child, ctx)  # noqa: SLF001
        except stepfunctions._ExecutionError as error:  # noqa: SLF001
            child |= {"status": FAILED, "error": error.error, "cause": error.cause}
            with self._lock:
                self._failed += _size(batch)
            return None, FAILED
        child |= {"status": SUCCEEDED, "output": json.dumps(output)}
        return output, SUCCEEDED

    def _move(self, before: str | None, after: str, items: int, executions: int) -> None:
        with self._lock:
            for name, count in (("itemCounts", items), ("executionCounts", executions)):
                if before:
                    self._view[name][before] -= count
                self._view[name][after] += count


def _items(state: State, effective: Any, ctx: State) -> list[Any]:
    if state.get("ItemReader"):
        return list(stepfunctions._read_map_items(state["ItemReader"], effective, ctx))  # noqa: SLF001
    return list(stepfunctions._resolve_path_or_ctx(state.get("ItemsPath", "$"), effective, ctx))  # noqa: SLF001


def _batches(state: State, items: list[Any], effective: Any, ctx: State) -> Iterator[Any]:
    """Yield the input of each child execution."""
    selected = [_selected(state, number, item, effective, ctx) for number, item in enumerate(items)]
    batcher = state.get("ItemBatcher")
    if not batcher:
        yield from selected
        return
    common = {}
    if "BatchInput" in batcher:
        common["BatchInput"] = stepfunctions._resolve_params_obj(batcher["BatchInput"], effective, ctx)  # noqa: SLF001
    most, most_bytes = batcher.get("MaxItemsPerBatch", len(items)), batcher.get("MaxInputBytesPerBatch", MOST_BYTES)
    empty = _bytes({**common, "Items": []})
    batch: list[Any] = []
    size = empty
    for item in selected:
        # JSON puts a comma and a space before each item but the first.
        more = _bytes(item) + (len(", ") if batch else 0)
        if batch and (len(batch) == most or size + more > most_bytes):
            yield {**common, "Items": batch}
            batch, size, more = [], empty, _bytes(item)
        batch.append(item)
        size += more
    if batch:
        yield {**common, "Items": batch}


def _selected(state: State, number: int, item: Any, effective: Any, ctx: State) -> Any:
    selector = state.get("ItemSelector")
    context = {**ctx, "Map": {"Item": {"Index": number, "Value": item}}}
    return stepfunctions._resolve_params_obj(selector, effective, context) if selector else item  # noqa: SLF001


def _size(batch: Any) -> int:
    return len(batch["Items"]) if isinstance(batch, dict) and "Items" in batch else 1


def _written(state: State, results: list[Any], effective: Any, ctx: State) -> Any:
    """Write the results where ResultWriter says and return where they are; without one, return the results.

    Raises the emulator's error when a bucket is not there, and for results that are too large for a state.
    """
    writer = state.get("ResultWriter")
    if not writer:
        if _bytes(results) > MOST_BYTES:
            why = "The results are larger than a state may return."
            raise stepfunctions._ExecutionError("States.DataLimitExceeded", why)  # noqa: SLF001
        return results
    place = stepfunctions._resolve_params_obj(writer["Parameters"], effective, ctx)  # noqa: SLF001
    bucket, key = place["Bucket"], f"{place.get('Prefix', '')}/{uuid.uuid4()}/manifest.json"
    manifest = {"DestinationBucket": bucket, "Results": results}
    status, *_rest = s3._put_object(bucket, key, json.dumps(manifest).encode(), {})  # noqa: SLF001
    if status != 200:  # noqa: PLR2004  # HTTP's OK
        raise stepfunctions._ExecutionError("States.ResultWriterFailed", f"There is no bucket {bucket}.")  # noqa: SLF001
    return {"ResultWriterDetails": {"Bucket": bucket, "Key": key}}


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
