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
from imagelabels.stack import executions
from imagelabels.stack.connection import Stack

PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
RERUNS = [Rerun(f"{number}.jpg", json.dumps({"bucket": "images", "key": f"{number}.jpg"}), None) for number in range(5)]
FAST = 1_000_000


@pytest.fixture
def stack(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:  # noqa: ARG001  # the fixture's effect
    monkeypatch.setattr(batch, "FOLDER", tmp_path)
    role = "arn:aws:iam::123456789012:role/any"
    machine = boto3.client("stepfunctions").create_state_machine(
        name="label-image", definition=json.dumps(PASS), roleArn=role
    )
    outputs = {"ImagesBucketName": "images", "StateMachineArn": machine["stateMachineArn"]}
    return Stack(boto3.Session(), outputs)


def started(stack: Stack) -> list[Any]:
    return sorted(executions.describe(stack, arn).key for arn in executions.arns(stack))


@pytest.mark.parametrize("before_stop", [0, 1, 4, 5])
def test_a_stopped_batch_goes_on_and_starts_nothing_twice(stack: Stack, before_stop: int) -> None:
    name = Batch.plan(stack.machine, RERUNS).name
    first = Batch(name)
    # The generator is dropped right after a start, before that start is noted.
    assert len(list(islice(first.start(stack, first.left(stack.machine), FAST), before_stop))) == before_stop
    for arn in executions.arns(stack):
        # Step Functions starts the name of a running execution "again" and refuses that of an ended one.
        stack.client("stepfunctions").stop_execution(executionArn=arn)
    again = Batch(name)
    assert len(again.left(stack.machine)) == len(RERUNS) - max(before_stop - 1, 0)
    list(again.start(stack, again.left(stack.machine), FAST))
    assert started(stack) == [rerun.key for rerun in RERUNS]


def test_an_ended_batch_leaves_nothing_behind(stack: Stack, tmp_path: Path) -> None:
    ended = Batch.plan(stack.machine, RERUNS)
    list(ended.start(stack, ended.left(stack.machine), FAST))
    assert not list(tmp_path.iterdir())
    with pytest.raises(UserError, match="no unfinished batch"):
        ended.left(stack.machine)


def test_a_batch_of_another_stack_is_refused(stack: Stack) -> None:
    other = Batch.plan("arn:aws:states:eu-west-1:123456789012:stateMachine:label-image", RERUNS)
    with pytest.raises(UserError, match="another stack"):
        other.left(stack.machine)
