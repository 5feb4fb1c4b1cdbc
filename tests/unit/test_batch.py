"""A batch of executions, stopped anywhere, goes on without starting anything twice."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import boto3
import pytest

from imagelabels.errors import UserError
from imagelabels.reprocess import batch
from imagelabels.reprocess.batch import Batch
from imagelabels.reprocess.selection import Rerun
from imagelabels.stack.connection import Connection
from imagelabels.stack.pipeline import Pipeline

PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
RERUNS = [Rerun(f"{number}.jpg", json.dumps({"bucket": "images", "key": f"{number}.jpg"}), None) for number in range(5)]
FAST = 1_000_000


@pytest.fixture
def pipeline(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:  # noqa: ARG001  # the fixture's effect
    monkeypatch.setattr(batch, "FOLDER", tmp_path)
    role = "arn:aws:iam::123456789012:role/any"
    machine = boto3.client("stepfunctions").create_state_machine(
        name="label-image", definition=json.dumps(PASS), roleArn=role
    )
    outputs = {"ImagesBucketName": "images", "StateMachineArn": machine["stateMachineArn"]}
    return Pipeline(Connection(boto3.Session(), outputs))


def started(pipeline: Pipeline) -> list[Any]:
    return sorted(pipeline.execution(arn).key for arn in pipeline.arns())


@pytest.mark.parametrize("before_stop", [0, 1, 4, 5])
def test_a_stopped_batch_goes_on_and_starts_nothing_twice(pipeline: Pipeline, before_stop: int) -> None:
    name = Batch.plan(pipeline.machine, RERUNS).name
    first = Batch(name)
    # The generator is dropped right after a start, before that start is noted.
    assert len(list(islice(first.start(pipeline, first.left(pipeline.machine), FAST), before_stop))) == before_stop
    for arn in pipeline.arns():
        # Step Functions starts the name of a running execution "again" and refuses that of an ended one.
        pipeline.states.stop_execution(executionArn=arn)
    again = Batch(name)
    assert len(again.left(pipeline.machine)) == len(RERUNS) - max(before_stop - 1, 0)
    list(again.start(pipeline, again.left(pipeline.machine), FAST))
    assert started(pipeline) == [one.key for one in RERUNS]


def test_an_ended_batch_leaves_nothing_behind(pipeline: Pipeline, tmp_path: Path) -> None:
    ended = Batch.plan(pipeline.machine, RERUNS)
    list(ended.start(pipeline, ended.left(pipeline.machine), FAST))
    assert not list(tmp_path.iterdir())
    with pytest.raises(UserError, match="no unfinished batch"):
        ended.left(pipeline.machine)


def test_a_batch_of_another_stack_is_refused(pipeline: Pipeline) -> None:
    other = Batch.plan("arn:aws:states:eu-west-1:123456789012:stateMachine:label-image", RERUNS)
    with pytest.raises(UserError, match="another stack"):
        other.left(pipeline.machine)
