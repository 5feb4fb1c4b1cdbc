"""Deletions, versions and the audit archive on the whole stack, through AWS's own APIs and the command line."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from imagelabels.operations.audit_trail import archived_runs
from imagelabels.operations.dead_letters import listed
from imagelabels.operations.reconciliation import disagreements
from tests.e2e.command import assert_refused, imagelabels, lines
from tests.e2e.stack import Stack, eventually

RUNS = "RUN#"


def shown(stack: Stack, key: str) -> list[str]:
    return [record for record in stack.items(key) if not record.startswith(RUNS)]


def told(stack: Stack, photo: str, count: int) -> list[str]:
    """Wait until so many runs of a photo are archived; return how they ended."""
    runs = eventually(lambda: found if len(found := archived_runs(stack.as_operator, photo)) >= count else None)
    return [run.outcome for run in runs]


@pytest.mark.usefixtures("at_once")
def test_a_photos_versions_and_end_are_in_the_table_and_in_its_story(stack: Stack, astronaut: bytes) -> None:
    """Labelled, then rejected, then the first version again, then deleted."""
    s3, photo = stack.client("s3"), f"{stack.bucket}/story a+b%20.png"
    stack.upload("story a+b%20.png", astronaut)
    assert "LABEL#Person" in shown(stack, "story a+b%20.png")
    rejected = stack.upload("story a+b%20.png", b"no photo")
    eventually(lambda: not shown(stack, "story a+b%20.png") or None)
    newest = s3.head_object(Bucket=stack.bucket, Key="story a+b%20.png")["VersionId"]
    s3.delete_object(Bucket=stack.bucket, Key="story a+b%20.png", VersionId=newest)
    assert told(stack, photo, 4) == ["LABELLED", "REJECTED", "RESTORED", "LABELLED"]
    assert "LABEL#Person" in shown(stack, "story a+b%20.png")
    s3.delete_object(Bucket=stack.bucket, Key="story a+b%20.png")
    eventually(lambda: not shown(stack, "story a+b%20.png") or None)
    assert told(stack, photo, 5)[-1] == "DELETED"
    assert len(stack.mails(rejected["executionArn"])) == 1


@pytest.mark.usefixtures("at_once")
def test_an_aborted_execution_is_in_the_story(stack: Stack) -> None:
    states = stack.client("stepfunctions")
    document = {"bucket": stack.bucket, "key": "aborted.jpg"}
    arn = states.start_execution(stateMachineArn=stack.outputs["StateMachineArn"], input=json.dumps(document))[
        "executionArn"
    ]
    states.stop_execution(executionArn=arn, error="Impatience", cause="It took too long.")
    assert told(stack, f"{stack.bucket}/aborted.jpg", 1) == ["ABORTED"]


def test_a_second_delivery_is_a_duplicate_and_a_restart_is_not(stack: Stack, astronaut: bytes) -> None:
    """A delivery starts an execution under EventBridge's kind of name; a person's restart has another one."""
    first = stack.upload("twice.png", astronaut)
    event = json.loads(first["input"])
    duplicate = _start(stack, event, first["name"][:-4] + "0000")
    assert stack.states(duplicate["executionArn"])[-2:] == ["RecordDuplicate", "Superseded"]
    assert stack.mails(duplicate["executionArn"]) == []
    restart = stack.start(event)
    assert stack.states(restart["executionArn"])[-1] == "RecordOutcome"
    assert len(stack.mails(restart["executionArn"])) == 1


def _start(stack: Stack, document: Any, name: str) -> dict[str, Any]:
    arn = stack.client("stepfunctions").start_execution(
        stateMachineArn=stack.outputs["StateMachineArn"], name=name, input=json.dumps(document)
    )["executionArn"]
    return stack.ended(arn)


def test_dead_letters_and_reconcile_work_against_the_local_stack(stack: Stack) -> None:
    """No photo's message is dead; what other tests left is too young to be missed, but for what they let fail."""
    assert [message.about for message in listed(stack.as_operator) if message.about] == []
    wait = timedelta(hours=1)
    assert [
        finding
        for finding in disagreements(stack.as_operator, grace=wait, patience=wait)
        if finding.problem not in {"orphaned", "failed"}
    ] == []


@pytest.mark.usefixtures("at_once")
def test_the_commands_tell_the_same(stack: Stack, astronaut: bytes) -> None:
    """`trail`, `dead-letters` and `reconcile` through their real entry point."""
    here, photo = Path(stack.outputs["mail"]).parent, "kept an eye on.png"
    lost = stack.upload(photo, astronaut)["input"]
    told(stack, f"{stack.bucket}/{photo}", 1)
    trail = imagelabels(here, "trail", photo, "--json")
    assert [run["outcome"] for run in lines(trail, "trail")] == ["LABELLED"]
    assert_refused(imagelabels(here, "trail", "nobody.png"), "No run of nobody.png is known.")

    stack.client("sqs").send_message(QueueUrl=stack.outputs["UndeliveredEventsQueueUrl"], MessageBody=lost)
    listed = imagelabels(here, "dead-letters", "--json")
    assert f"{stack.bucket}/{photo}" in [letter["about"] for letter in lines(listed, "dead-letters")]
    assert listed.returncode == 1
    sent = imagelabels(here, "dead-letters", "--send-back")
    assert [line for line in sent.stdout.splitlines() if photo in line and line.endswith("sent back")]
    # The event had been delivered, so the second run is a duplicate.
    assert told(stack, f"{stack.bucket}/{photo}", 2) == ["LABELLED", "SUPERSEDED"]

    table, key = stack.outputs["LabelsTableName"], {"image_id": {"S": f"{stack.bucket}/{photo}"}}
    stack.client("dynamodb").delete_item(TableName=table, Key=key | {"record": {"S": "IMAGE"}})
    found = imagelabels(here, "reconcile", "--grace", "0", "--json")
    assert f"{stack.bucket}/{photo}" in [one["photo"] for one in lines(found, "reconcile")]
    assert found.returncode == 1
