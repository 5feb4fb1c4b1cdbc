"""`imagelabels reprocess --outcome` selects the photos whose last run ended so."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from imagelabels.reprocess.selection import Criteria, select
from imagelabels.stack import executions
from imagelabels.stack.connection import Stack
from tests.order.world import World
from tests.resources import IMAGES, MACHINE

FAILED = Criteria(outcome="failed")


def abort(world: World, bucket: str, key: str) -> None:
    """Start an execution for a photo, and stop it."""
    execution_input = json.dumps({"bucket": bucket, "key": key})
    started = world.states.start_execution(stateMachineArn=MACHINE, input=execution_input)
    world.states.stop_execution(executionArn=started["executionArn"])


def test_only_photos_of_the_stacks_bucket_are_selected(world: World) -> None:
    """Whoever may start executions can name any bucket in the input."""
    abort(world, IMAGES, "cat.jpg")
    abort(world, "elsewhere", "dog.jpg")
    assert [rerun.key for rerun in select(world.stack, FAILED)] == ["cat.jpg"]


def test_a_photo_that_was_labelled_since_is_not_selected(world: World) -> None:
    abort(world, IMAGES, "cat.jpg")
    version = world.upload("cat.jpg")
    world.labels.put_item(
        Item={
            "image_id": f"{IMAGES}/cat.jpg",
            "record": "IMAGE",
            "object_key": "cat.jpg",
            "version": version,
            "labelled_at": "2999-01-01T00:00:00.000+00:00",
        }
    )
    assert select(world.stack, FAILED) == []


def archive_runs(world: World, count: int, outcome: str) -> list[str]:
    """Write the items of so many runs, each of an execution that Step Functions lists; return their ARNs."""
    arns = []
    with world.labels.batch_writer() as batch:
        for number in range(count):
            arn = executions.arn_of(world.stack, f"run-{number:04}")
            arns.append(arn)
            batch.put_item(
                Item={
                    "image_id": f"{IMAGES}/{number:04}.jpg",
                    "record": f"RUN#2026-11-22T17:04:05Z#run-{number:04}",
                    "outcome": outcome,
                    "execution": arn,
                    "stages": {"started": "2026-11-22T17:04:05.000Z", "recorded": "2026-11-22T17:04:09.000Z"},
                    "recorded_at": "2026-11-22T17:04:09.000Z",
                    "error": {"name": "UnsupportedFormatError", "cause": "The file is a text file."},
                }
            )
    return arns


def answer(stack: Stack, **answers: Any) -> list[str]:
    """Answer calls of Step Functions, because moto takes minutes to run thousands; return the calls, as they come."""
    calls: list[str] = []

    def reply(model: Any, **_more: Any) -> Any:
        calls.append(model.name)
        body = answers.get(model.name, {"executions": []})
        return type("Answer", (), {"status_code": 200})(), body

    stack.client("stepfunctions").meta.events.register("before-call.sfn", reply)
    return calls


def listed(arns: list[str], status: str) -> dict[str, Any]:
    moment = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
    entry = {"stateMachineArn": MACHINE, "status": status, "startDate": moment, "stopDate": moment}
    return {"executions": [entry | {"executionArn": arn, "name": arn.rsplit(":", 1)[-1]} for arn in arns]}


MANY = 500


@pytest.mark.parametrize(("outcome", "status"), [("rejected", "SUCCEEDED"), ("failed", "FAILED")])
def test_archived_executions_are_not_described(world: World, outcome: Any, status: str) -> None:
    """They take pages of a scan and a list; DescribeExecution would take a request for each."""
    stack = world.stack
    arns = archive_runs(world, MANY, "REJECTED" if outcome == "rejected" else "FAILED")
    calls = answer(stack, ListExecutions=listed(arns, status))
    found = select(stack, Criteria(outcome=outcome, error="UnsupportedFormatError"))
    assert (len(found), found[0].key) == (MANY, "0000.jpg")
    assert set(calls) == {"ListExecutions"}


def test_watch_describes_a_screen_and_reads_the_rest_from_the_table(world: World) -> None:
    stack, arns = world.stack, archive_runs(world, 300, "REJECTED")
    described = {"executionArn": arns[0], "status": "SUCCEEDED", "startDate": datetime.now(UTC), "input": "{}"}
    calls = answer(stack, ListExecutions=listed(arns, "SUCCEEDED"), DescribeExecution=described)
    found = executions.newest(stack, 300)
    assert len(found) == 300
    assert (found[-1].key, found[-1].outcome) == ("0299.jpg", "REJECTED")
    assert found[-1].reason == "UnsupportedFormatError: The file is a text file."
    assert calls.count("DescribeExecution") == executions.MOST_DESCRIBED
