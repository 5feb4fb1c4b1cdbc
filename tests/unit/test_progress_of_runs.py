"""What `backfill` and `cost` ask of AWS, and what they count of the answers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from imagelabels.backfill import runs
from imagelabels.backfill.photos import objects
from imagelabels.backfill.progress import Progress, progress
from imagelabels.costs.usage import Usage, history, memory_of_functions
from imagelabels.stack import executions
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import MOST_DESCRIBED, input_of, output_of
from imagelabels_shared.library import Entry, entry_of, execution_name, is_labelled, is_wanted, name_prefix
from imagelabels_shared.library import Shown as InTable
from tests import resources
from tests.resources import IMAGES, LABELS, MACHINE, execution
from tests.unit.recorded import NOON, answered

LIBRARY = "arn:aws:states:us-east-1:123456789012:stateMachine:label-library"
RUN = "backfill-20261125T120000-abcdef"


def stack_of() -> Stack:
    outputs = {
        "ImagesBucketName": IMAGES,
        "LabelsTableName": LABELS,
        "LibraryStateMachineArn": LIBRARY,
        "StateMachineArn": MACHINE,
    }
    return Stack(boto3.DEFAULT_SESSION or boto3.Session(), outputs)


def listed(**by_status: int) -> Any:
    """Answer ListExecutions with so many executions of the run for each status, and one of another run."""

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        status = asked["statusFilter"]
        names = [f"{name_prefix(RUN)}{number}" for number in range(by_status.get(status, 0))]
        return {"executions": [{"executionArn": f"{status}:{name}", "name": name} for name in [*names, "another"]]}

    return answer


def ran(stack: Stack, *, status: str = "RUNNING", **by_status: int) -> Progress:
    resources.create_tables()
    for record, started, skipped in (("BATCH#1", 7, 2), ("BATCH#2", 5, 1), ("OTHER#1", 100, 100)):
        item: Any = {"image_id": RUN, "record": record, "started": started, "skipped": skipped}
        boto3.resource("dynamodb").Table(LABELS).put_item(Item=item)
    errors = {"FAILED": {"error": "AccessDeniedError"}, "TIMED_OUT": {}, "ABORTED": {}}

    def described(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["executionArn"] == runs.arn_of(stack, RUN):
            told = {"error": "Boom", "cause": "because", "stopDate": NOON + timedelta(hours=1)}
            return {"status": status, "startDate": NOON, "input": json.dumps({"perSecond": 4}), **told}
        found = asked["executionArn"].split(":")[0]
        return {"status": found, **errors[found]}

    asked = answered(
        stack,
        "stepfunctions",
        "sfn",
        DescribeExecution=described,
        ListMapRuns={"mapRuns": [{"mapRunArn": "one"}, {"mapRunArn": "two"}]},
        DescribeMapRun=lambda asked: {"itemCounts": {"total": {"one": 20, "two": 10}[asked["mapRunArn"]]}},
        ListExecutions=listed(**by_status),
    )
    found = progress(stack, RUN)
    of_runs = [parameters for operation, parameters in asked if operation == "ListMapRuns"]
    assert of_runs == [{"executionArn": runs.arn_of(stack, RUN)}]
    return found


@pytest.mark.usefixtures("aws")
def test_a_run_is_counted_from_its_batches_its_map_runs_and_its_executions() -> None:
    found = ran(stack_of(), RUNNING=3, FAILED=2, TIMED_OUT=1, ABORTED=1)
    assert found == Progress(
        run=RUN,
        arn=f"{LIBRARY.replace('stateMachine', 'execution')}:{RUN}",
        status="RUNNING",
        started_at=NOON,
        stopped_at=NOON + timedelta(hours=1),
        listed=30,
        started=12,
        skipped=3,
        running=3,
        failures={"AccessDeniedError": 2, "TIMED_OUT": 1, "ABORTED": 1},
        cause="Boom: because",
        per_second=4.0,
    )
    assert (found.waiting, found.ended, found.seconds_left) == (15, 5, 4.5)


@pytest.mark.usefixtures("aws")
def test_of_a_run_that_ended_only_what_runs_takes_time() -> None:
    assert ran(stack_of(), status="SUCCEEDED", RUNNING=2).seconds_left == 0.5


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("more", [0, 1])
def test_of_many_failures_a_hundred_are_asked_for_their_errors(more: int) -> None:
    failures = ran(stack_of(), FAILED=MOST_DESCRIBED + more).failures
    assert failures == {"AccessDeniedError": 100, **({"other errors": 1} if more else {})}


def test_counts_that_are_not_there_yet_are_never_negative() -> None:
    run = Progress("r", "arn", "RUNNING", NOON, None, 1, 3, 1, 5, {"A": 1}, "", 1.0)
    assert (run.waiting, run.ended) == (0, 0)


def test_runs_are_asked_for_by_their_state_machine() -> None:
    stack = stack_of()
    asked = answered(stack, "stepfunctions", "sfn", ListExecutions={"executions": [{"name": "new"}]}, StopExecution={})
    assert runs.newest(stack) == "new"
    assert runs.running(stack) == ["new"]
    runs.stop(stack, "new")
    (_list, newest), (_again, running), (_stop, stopped) = asked
    assert newest == {"stateMachineArn": LIBRARY, "maxResults": 1}
    assert running == {"stateMachineArn": LIBRARY, "statusFilter": "RUNNING"}
    assert stopped["executionArn"] == f"{LIBRARY.replace('stateMachine', 'execution')}:new"
    assert stopped["cause"]


def test_the_bucket_is_listed_under_the_prefix_page_by_page() -> None:
    stack = stack_of()
    pages = {"": {"Contents": [{"Key": "a"}], "IsTruncated": True, "NextContinuationToken": "t"}, "t": {}}
    asked = answered(stack, "s3", "s3", ListObjectsV2=lambda asked: pages[asked.get("ContinuationToken", "")])
    assert [entry.key for entry in objects(stack, "2024/")] == ["a"]
    assert (asked[0][1]["Bucket"], asked[0][1]["Prefix"]) == (IMAGES, "2024/")


LATER = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "entry"),
    [
        ({"Key": "a", "ETag": '"e"', "LastModified": LATER}, Entry("a", "", "e", LATER)),
        ({"Key": "a", "Etag": "e", "LastModified": LATER.timestamp()}, Entry("a", "", "e", LATER)),
        ({"Key": "a", "VersionId": "v", "LastModified": LATER.isoformat()}, Entry("a", "v", "", LATER)),
        ({"Key": "a"}, Entry("a", "", "", None)),
    ],
)
def test_an_object_of_any_listing(item: dict[str, Any], entry: Entry) -> None:
    assert entry_of(item) == entry


@pytest.mark.parametrize(("item", "has"), [({"Key": ""}, "Key"), ({"Key": 1, "Size": 2}, "Key, Size"), ({}, "nothing")])
def test_an_item_without_a_key_is_refused(item: dict[str, Any], has: str) -> None:
    with pytest.raises(ValueError, match=rf"^An item of the listing has no Key, but {has}\.$"):
        entry_of(item)


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (Entry("2024/a", "", "", LATER), True),
        (Entry("2024/a", "", "", None), True),
        (Entry("2024/a", "", "", LATER - timedelta(seconds=1)), False),
        (Entry("2024/", "", "", LATER), False),
        (Entry("2025/a", "", "", LATER), False),
    ],
)
def test_photos_of_the_prefix_since_that_very_moment_are_wanted(entry: Entry, wanted: bool) -> None:  # noqa: FBT001  # a parameter of a test
    assert is_wanted(entry, "2024/", LATER) is wanted
    assert is_wanted(entry._replace(modified=None), "", None) is not entry.key.endswith("/")


@pytest.mark.parametrize(
    ("version", "etag", "labelled"),
    [("v", "", True), ("w", "e", False), ("", "e", True), ("", "f", False), ("", "", False)],
)
def test_a_photo_is_labelled_when_the_table_shows_this_very_object(version: str, etag: str, labelled: bool) -> None:  # noqa: FBT001  # a parameter of a test
    assert is_labelled(Entry("a", version, etag, None), InTable("v", "e", "arn")) is labelled
    assert not is_labelled(Entry("a", version, etag, None), None)
    assert not is_labelled(Entry("a", "", "", None), InTable("", "", ""))


def test_each_object_of_a_run_has_a_name_of_its_own_with_80_characters_at_most() -> None:
    entry = Entry("a", "v", "e", None)
    others = [entry._replace(key="b"), entry._replace(version="w"), entry._replace(etag="f")]
    names = {execution_name(RUN, one) for one in (entry, *others)} | {execution_name("other", entry)}
    assert len(names) == 5
    assert execution_name(RUN, entry) == execution_name(RUN, entry._replace(modified=LATER))
    assert len(execution_name("x" * 80, entry)) == 80


def happened(second: float, kind: str, **more: Any) -> dict[str, Any]:
    return {"timestamp": NOON + timedelta(seconds=second), "type": kind, **more}


def entered(name: str) -> dict[str, Any]:
    return happened(0, "TaskStateEntered", stateEnteredEventDetails={"name": name})


def attempt(seconds: float, ended: str, resource: str = "lambda") -> list[dict[str, Any]]:
    scheduled = happened(0, "TaskScheduled", taskScheduledEventDetails={"resourceType": resource})
    return [scheduled, happened(seconds, ended)]


def left(name: str, **output: Any) -> dict[str, Any]:
    return happened(0, "TaskStateExited", stateExitedEventDetails={"name": name, "output": json.dumps(output)})


HISTORY = [
    happened(0, "ExecutionStarted"),
    *(entered("ValidateImage"), *attempt(2, "TaskSucceeded"), left("ValidateImage", detection={"labels": [1] * 9})),
    *(entered("DetectLabels"), *attempt(1, "TaskFailed"), *attempt(4, "TaskTimedOut"), *attempt(2, "TaskSucceeded")),
    *(entered("PersistLabels"), left("PersistLabels", detection={"labels": [1, 2, 3]})),
    *(entered("RecordOutcome"), *attempt(9, "TaskSucceeded", "sqs")),
    *(entered("PublishRejection"), *attempt(1, "TaskSucceeded")),
    *(entered("PublishFailure"), *attempt(1, "TaskSucceeded")),
    left("RecordOutcome", detection={"labels": []}),
]
MEMORY = {"ValidateImage": 1024, "DetectLabels": 512, "PublishReport": 2048}


def test_each_attempt_and_each_state_of_a_history_is_counted() -> None:
    found = Usage()
    found.add(HISTORY, MEMORY)
    counts = {"executions": 1, "transitions": 1 + 6 + 2, "detections": 1, "gb_seconds": 9.5, "invocations": 6}
    assert vars(found) == counts | {"image_properties": 0, "write_units": 17, "read_units": 2}
    found.add([happened(0, "ExecutionStarted")], {})
    parts = {part.name: part for part in found.parts()}
    told = {name: parts[name].what for name in ("Rekognition", "Step Functions", "DynamoDB", "Lambda")}
    assert told == {
        "Rekognition": "0.50 DetectLabels that succeeded",
        "Step Functions": "5.00 state transitions",
        "DynamoDB": "9.5 write units and 1.0 read units",
        "Lambda": "4.75 GB-seconds and 3.00 invocations of the steps",
    }
    assert parts["Rekognition"].usd == pytest.approx(0.0005)
    assert parts["Step Functions"].usd == pytest.approx(5 * 0.025 / 1000)
    assert parts["DynamoDB"].usd == pytest.approx((9.5 * 0.625 + 0.125) / 1e6)
    assert parts["Lambda"].usd == pytest.approx(4.75 * 0.0000133334 + 3 * 0.2e-6)
    assert Usage().parts()[0].usd == 0


def test_an_execution_that_labels_nothing_writes_its_claim_and_its_run() -> None:
    nothing, empty = Usage(), Usage()
    nothing.add([entered("PersistLabels")], {})
    empty.add([left("PersistLabels")], {})
    assert (nothing.write_units, nothing.read_units) == (2, 0)
    assert (empty.write_units, empty.read_units) == (2 + 2 + 1 + 1 + 2, 2)


def test_memory_is_by_the_state_of_the_function() -> None:
    stack = stack_of()
    functions = [
        {"Handler": "persist_labels.handler.handler", "MemorySize": 512},
        {"Handler": "index.main", "MemorySize": 128},
        {"MemorySize": 64},
    ]
    answered(stack, "lambda", "lambda", ListFunctions={"Functions": functions})
    assert memory_of_functions(stack) == {"PersistLabels": 512}


EVENT = happened(0, "ExecutionStarted", id=1, previousEventId=0)


def test_a_history_is_read_to_its_end_from_its_start() -> None:
    stack = stack_of()
    pages: dict[str | None, Any] = {None: {"events": [], "nextToken": "t"}, "t": {"events": [EVENT]}}
    failed = {"status": "FAILED", "startDate": NOON, "input": "{}"}
    asked = answered(
        stack,
        "stepfunctions",
        "sfn",
        GetExecutionHistory=lambda asked: pages[asked.get("nextToken")],
        DescribeExecution=lambda asked: failed if asked["executionArn"] == "arn" else {},
    )
    assert history(stack, "arn") == [EVENT]
    assert asked[0][1] == {"executionArn": "arn"}
    executions.describe(stack, "arn")
    assert asked[-2] == ("GetExecutionHistory", {"executionArn": "arn", "reverseOrder": True})
    assert (output_of(stack, execution("one")), input_of(stack, execution("one"))) == (None, None)
