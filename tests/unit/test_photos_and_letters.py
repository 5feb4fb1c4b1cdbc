"""What the command line asks of AWS about a photo, about dead letters and about the stack."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import boto3
import pytest
from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.operations.dead_letters import QUEUES, DeadLetter, listed
from imagelabels.operations.reconciliation import (
    ENDED,
    FAILED,
    HANGING,
    ORPHANED,
    RUNS,
    SHOWN,
    STALE,
    STORED,
    UNLABELLED,
    Compared,
    Disagreement,
    compare,
)
from imagelabels.stack import local_lock, photos
from imagelabels.stack.connection import STACK_NAME, Stack, describe, on_aws
from imagelabels.stack.spelling import in_unicode, spellings
from start_photos.batch import Batch
from tests import resources
from tests.resources import IMAGES, LABELS, MACHINE
from tests.unit.aws_errors import refusal, refuse
from tests.unit.recorded import answered


def stack_of(**outputs: str) -> Stack:
    known = {"ImagesBucketName": IMAGES, "LabelsTableName": LABELS, "StateMachineArn": MACHINE}
    return Stack(boto3.DEFAULT_SESSION or boto3.Session(), known | outputs)


@pytest.fixture
def table(s3: Any) -> Any:  # noqa: ARG001  # the buckets
    return resources.create_tables()


def write(table: Any, photo: str, record: str, **fields: Any) -> None:
    table.put_item(Item={"image_id": photo, "record": record, "labelled_at": "2026-11-22T10:00:00Z", **fields})


def test_the_labels_of_a_photo_are_the_surest_first_and_of_equal_ones_by_name(table: Any) -> None:
    for name, confidence in (("Dog", 90), ("Cat", 90), ("Pet", 99)):
        write(table, f"{IMAGES}/a.jpg", f"LABEL#{name}", label=name, confidence=confidence)
    write(table, f"{IMAGES}/a.jpg", "IMAGE", version="v")
    write(table, f"{IMAGES}/a.jpg", "RUN#1")
    write(table, f"{IMAGES}/b.jpg", "LABEL#Cow", label="Cow", confidence=1)
    image, labels = photos.records(stack_of(), "a.jpg")
    assert image is not None
    assert (image["version"], image["labelled_at"]) == ("v", "2026-11-22T10:00:00.000Z")
    assert [label["label"] for label in labels] == ["Pet", "Cat", "Dog"]
    assert photos.records(stack_of(), "none.jpg") == (None, [])


def test_a_removed_photo_leaves_no_version_and_no_item_but_its_runs(s3: Any, table: Any) -> None:
    for _version in range(2):
        s3.put_object(Bucket=IMAGES, Key="a.jpg", Body=b"photo")
    s3.delete_object(Bucket=IMAGES, Key="a.jpg")
    for record in ("IMAGE", "LABEL#Dog", "RUN#1"):
        write(table, f"{IMAGES}/a.jpg", record, label="Dog", confidence=1)
    photos.remove(stack_of(), "a.jpg")
    left = s3.list_object_versions(Bucket=IMAGES)
    assert not left.get("Versions")
    assert not left.get("DeleteMarkers")
    assert [item["record"] for item in table.scan()["Items"]] == ["RUN#1"]


@pytest.mark.parametrize(("version", "which"), [("", "photo 'none.jpg'"), ("v", "version 'v' of the photo 'none.jpg'")])
def test_a_photo_or_a_version_of_it_that_is_not_there_is_named(s3: Any, version: str, which: str) -> None:  # noqa: ARG001  # the buckets
    with pytest.raises(UserError, match=f"^There is no {which} in {IMAGES}\\.$"):
        photos.require(stack_of(), "none.jpg", version)


DEAD = {name: f"https://sqs/{name}" for name in QUEUES}


def message(name: str, **more: Any) -> dict[str, Any]:
    said = {code: {"DataType": "String", "StringValue": text} for code, text in more.items()}
    attributes = {"SentTimestamp": "1795367045123"}
    body = '{"detail-type": "Object Created", "outcome": "LABELLED", "image": {"bucket": "images", "key": "a.jpg"}}'
    return {
        "MessageId": name,
        "ReceiptHandle": f"handle of {name}",
        "Body": body,
        "Attributes": attributes,
        "MessageAttributes": said,
    }


def letters(
    answers: list[list[dict[str, Any]]], **more: Any
) -> tuple[list[DeadLetter], list[tuple[str, dict[str, Any]]]]:
    """List the dead letters when one queue gives these answers and the others none."""
    queue, left = DEAD["AuditDeadLetterQueueUrl"], list(answers)

    def receive(asked: dict[str, Any]) -> dict[str, Any]:
        return {"Messages": left.pop(0)} if left and asked["QueueUrl"] == queue else {}

    stack = stack_of(**DEAD)
    # One thread asks: what was asked is then in order.
    stack.outputs.update(dict.fromkeys(DEAD, queue))
    asked = answered(stack, "sqs", "sqs", **{"ReceiveMessage": receive, "ChangeMessageVisibility": {}, **more})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("imagelabels.operations.dead_letters.ThreadPoolExecutor", OneThread)
        return list(listed(stack)), asked


class OneThread:
    """What is asked in several threads, one after the other."""

    def __init__(self, _threads: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def map(self, work: Any, values: list[Any]) -> Iterator[Any]:
        return map(work, values)


def test_a_dead_letter_says_when_and_why_and_is_visible_again() -> None:
    found, asked = letters([[message("a", ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="denied")], [message("b")], []])
    assert [letter.id for letter in found] == ["a", "b"]
    assert found[0].sent == "2026-11-22T17:04:05.123Z"
    assert (found[0].kind, found[0].about) == ("Object Created", "images/a.jpg")
    assert (found[0].reason, found[1].reason) == ("NO_PERMISSIONS denied", "")
    receive, hide = (
        [parameters for operation, parameters in asked if operation == name]
        for name in ("ReceiveMessage", "ChangeMessageVisibility")
    )
    assert receive[0] == {
        "QueueUrl": DEAD["AuditDeadLetterQueueUrl"],
        "MaxNumberOfMessages": 10,
        "VisibilityTimeout": 60,
        "WaitTimeSeconds": 1,
        "AttributeNames": ["SentTimestamp"],
        "MessageAttributeNames": ["All"],
    }
    assert [(one["ReceiptHandle"], one["VisibilityTimeout"]) for one in hide] == [
        ("handle of a", 0),
        ("handle of b", 0),
    ]


def test_a_queue_that_gives_the_same_message_again_has_no_more() -> None:
    found, asked = letters([[message("a")], [message("a")], [message("never")]])
    assert {letter.id for letter in found} >= {"a"}
    assert [operation for operation, _parameters in asked][:3] == [
        "ReceiveMessage",
        "ReceiveMessage",
        "ChangeMessageVisibility",
    ]


@pytest.mark.parametrize("code", ["MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"])
def test_a_message_that_is_visible_already_is_well(code: str) -> None:
    def visible(_asked: dict[str, Any]) -> dict[str, Any]:
        raise refusal(code, 400, "ChangeMessageVisibility")

    assert [letter.id for letter in letters([[message("a")], []], ChangeMessageVisibility=visible)[0]] == ["a"]


def test_a_message_that_stays_hidden_is_told() -> None:
    def denied(_asked: dict[str, Any]) -> dict[str, Any]:
        raise refusal("AccessDenied", 403, "ChangeMessageVisibility")

    with pytest.raises(ClientError):
        letters([[message("a")], []], ChangeMessageVisibility=denied)


PHOTO = "images/a.jpg"
NOON, LATER = "2026-11-25T12:00:00.000Z", "2026-11-25T13:00:00.000Z"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(STORED, "v", True), (SHOWN, "v")], None),
        ([(STORED, "v", True)], Disagreement(PHOTO, UNLABELLED, "v")),
        ([(STORED, "v", False)], None),
        ([(STORED, "v", False), (ENDED, NOON, "ABORTED", "v")], Disagreement(PHOTO, FAILED, "v")),
        ([(STORED, "v", True), (SHOWN, "older")], Disagreement(PHOTO, UNLABELLED, "v")),
        ([(STORED, "v", True), (ENDED, NOON, "FAILED", "v")], Disagreement(PHOTO, FAILED, "v")),
        ([(STORED, "v", True), (ENDED, NOON, "TIMED_OUT", "")], Disagreement(PHOTO, FAILED, "v")),
        ([(STORED, "v", True), (ENDED, NOON, "FAILED", "older")], Disagreement(PHOTO, UNLABELLED, "v")),
        ([(STORED, "v", True), (ENDED, NOON, "REJECTED", "v")], None),
        ([(STORED, "v", True), (SHOWN, "older"), (ENDED, NOON, "REJECTED", "v")], Disagreement(PHOTO, STALE, "v")),
        ([(STORED, "v", True), (ENDED, NOON, "FAILED", "v"), (ENDED, LATER, "REJECTED", "v")], None),
        (
            [(STORED, "v", True), (ENDED, NOON, "FAILED", "v"), (ENDED, LATER, "SUPERSEDED", "v")],
            Disagreement(PHOTO, FAILED, "v"),
        ),
        ([(STORED, "v", True), (ENDED, NOON, "LABELLED", "v")], Disagreement(PHOTO, UNLABELLED, "v")),
        ([(STORED, "v", True), (RUNS, "arn", False, "v")], None),
        ([(STORED, "v", True), (RUNS, "arn", False, "")], None),
        ([(STORED, "v", True), (RUNS, "arn", False, "older")], Disagreement(PHOTO, UNLABELLED, "v")),
        ([(STORED, "v", True), (RUNS, "arn", True, "v")], Disagreement(PHOTO, HANGING, execution="arn")),
        ([(SHOWN, "v")], Disagreement(PHOTO, ORPHANED, "v")),
        ([(SHOWN, "v"), (RUNS, "arn", False, "v")], None),
        ([(ENDED, NOON, "FAILED", "v")], None),
    ],
)
def test_bucket_table_and_executions_agree_or_not(rows: list[tuple[Any, ...]], expected: Disagreement | None) -> None:
    counted = Compared()
    assert list(compare(((PHOTO, *row) for row in rows), counted)) == ([expected] if expected else [])
    assert counted.photos == any(row[0] != ENDED for row in rows)
    assert counted.young == (rows == [(STORED, "v", False)])


def batch(*, is_full: bool) -> Batch:
    return Batch("arn", "run", [], "", None, again=False, per_second=5.0, at_once=4, is_full=is_full)


@pytest.mark.parametrize(
    ("started", "elapsed", "seconds"), [(10, 0, 8), (10, 3, 5), (10, 2.6, 5), (10, 9, 0), (0, 0, 0)]
)
def test_a_batch_waits_for_what_all_batches_may_start(started: int, elapsed: float, seconds: int) -> None:
    assert batch(is_full=True).wait_seconds(started, elapsed) == seconds
    assert batch(is_full=False).wait_seconds(started, elapsed) == 0


def test_a_key_has_32_spellings_at_most() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    assert spellings("a/b") == {"a/b"}
    assert spellings(f"{composed}/a") == {f"{composed}/a", f"{decomposed}/a"}
    assert len(spellings("/".join([composed] * 6))) in {32, 33}


def test_bytes_that_are_not_utf8_name_nothing() -> None:
    assert in_unicode(os.fsdecode("é".encode())) == "é"
    with pytest.raises(UserError, match="is not UTF-8, as every key in S3 is"):
        in_unicode("\udcff")


def test_another_users_folder_is_said_to_be_his(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: object) -> int:
        raise PermissionError

    assert local_lock.is_held(tmp_path) is False
    assert local_lock.is_held(tmp_path / "none" / "there") is False
    with local_lock.hold(tmp_path):
        assert local_lock.is_held(tmp_path) is True
        with pytest.raises(UserError, match="already running"), local_lock.hold(tmp_path):
            pass
    assert local_lock.is_held(tmp_path) is False
    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(UserError, match=f"^{tmp_path} is another user's: set IMAGELABELS_HOME"):
        local_lock.is_held(tmp_path)


class Session:
    """A session whose CloudFormation answers so."""

    region_name = "eu-west-1"

    def __init__(self, **answers: Any) -> None:
        self._stack = stack_of()
        self.asked = answered(self._stack, "cloudformation", "cloudformation", **answers)

    def client(self, service: str, **_options: Any) -> Any:
        return self._stack.client(service)


def test_the_stack_is_described_by_its_name() -> None:
    outputs = [{"OutputKey": "ImagesBucketName", "OutputValue": "b"}]
    session: Any = Session(DescribeStacks={"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": outputs}]})
    assert describe(session) == {"StackStatus": "CREATE_COMPLETE", "Outputs": outputs}
    assert session.asked == [("DescribeStacks", {"StackName": STACK_NAME})]
    assert on_aws(session).bucket == "b"
    unfinished: Any = Session(DescribeStacks={"Stacks": [{"StackStatus": "REVIEW_IN_PROGRESS"}]})
    with pytest.raises(UserError, match=f"^The stack {STACK_NAME} in eu-west-1 is REVIEW_IN_PROGRESS: deploy it first"):
        on_aws(unfinished)


@pytest.mark.parametrize(("code", "missing"), [("ValidationError", True), ("AccessDenied", False)])
def test_no_stack_is_told_apart_from_no_permission(code: str, missing: bool) -> None:  # noqa: FBT001  # a parameter of a test
    session: Any = Session()
    refuse(session.client("cloudformation"), "DescribeStacks", refusal(code, 400, "DescribeStacks"))
    with pytest.raises(UserError if missing else ClientError, match="There is no stack" if missing else code):
        on_aws(session)


def test_a_time_of_the_table_is_in_one_form(table: Any) -> None:
    write(table, f"{IMAGES}/a.jpg", "IMAGE", labelled_at=datetime(2026, 11, 22, tzinfo=UTC).isoformat())
    image, _labels = photos.records(stack_of(), "a.jpg")
    assert image is not None
    assert image["labelled_at"] == "2026-11-22T00:00:00.000Z"
