"""The parts of `imagelabels destroy`: a bucket is emptied whatever is in it, and what is gone is skipped."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from imagelabels.deploy import emptying
from imagelabels.deploy.deployed_stack import DeployedStack
from imagelabels.deploy.emptying import empty
from imagelabels.deploy.teardown import delete_unused, disable_rules, refuse_when_protected, running
from imagelabels.errors import UserError
from tests.moto_aws import mocked

BUCKET = "photos"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mocked():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


def nothing(_number: int) -> None:
    """Report no progress."""


def test_every_version_and_delete_marker_is_deleted_and_counted(s3: Any) -> None:
    for body in (b"first", b"second"):
        s3.put_object(Bucket=BUCKET, Key="a b+c.jpg", Body=body)
    s3.delete_object(Bucket=BUCKET, Key="a b+c.jpg")
    counted: list[int] = []
    assert empty(s3, BUCKET, counted.append) == 3
    assert sum(counted) == 3
    s3.delete_bucket(Bucket=BUCKET)


def test_a_bucket_that_is_gone_is_skipped(s3: Any) -> None:
    s3.delete_bucket(Bucket=BUCKET)
    assert empty(s3, BUCKET, nothing) == 0


@pytest.fixture
def refusing() -> Iterator[tuple[Any, Stubber]]:
    """A client whose answers a test gives: moto cannot list such keys, or refuse one key."""
    client = boto3.client("s3")
    with Stubber(client) as stubber:
        yield client, stubber


def listing(*keys: str) -> dict[str, Any]:
    return {"Versions": [{"Key": key, "VersionId": "1"} for key in keys]}


@pytest.mark.parametrize("key", ["line\x0bbreak.jpg", "carriage\rreturn.jpg", "not a character\uffff.jpg"])
def test_a_key_that_xml_cannot_have_is_deleted_alone(refusing: tuple[Any, Stubber], key: str) -> None:
    """In the body of DeleteObjects it would make the whole request malformed."""
    client, stubber = refusing
    stubber.add_response("list_object_versions", listing("first.jpg", key, "second.jpg"))
    stubber.add_response("delete_object", {}, {"Bucket": BUCKET, "Key": key, "VersionId": "1"})
    rest = [{"Key": name, "VersionId": "1"} for name in ("first.jpg", "second.jpg")]
    request = {"Bucket": BUCKET, "Delete": {"Objects": rest, "Quiet": True}}
    stubber.add_response("delete_objects", {}, request)
    stubber.add_response("list_object_versions", {})
    assert empty(client, BUCKET, nothing) == 3


def test_an_error_of_one_object_is_an_error(refusing: tuple[Any, Stubber]) -> None:
    """S3 answers 200 to DeleteObjects when it deletes nothing."""
    client, stubber = refusing
    stubber.add_response("list_object_versions", listing("kept.jpg"))
    denied = {"Key": "kept.jpg", "Code": "AccessDenied", "Message": "Access Denied"}
    stubber.add_response("delete_objects", {"Errors": [denied]})
    with pytest.raises(UserError, match=r"refused to delete 1 objects of photos.*'kept.jpg': AccessDenied"):
        empty(client, BUCKET, nothing)


def test_a_fault_is_tried_again_until_nothing_is_left(
    refusing: tuple[Any, Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "PAUSE_SECONDS", 0)
    client, stubber = refusing
    slow = {"Key": "second.jpg", "Code": "SlowDown"}
    stubber.add_response("list_object_versions", listing("first.jpg", "second.jpg"))
    stubber.add_response("delete_objects", {"Errors": [slow]})
    stubber.add_response("list_object_versions", listing("second.jpg"))
    stubber.add_response("delete_objects", {})
    stubber.add_response("list_object_versions", {})
    assert empty(client, BUCKET, nothing) == 2


def test_faults_without_end_are_an_error(refusing: tuple[Any, Stubber], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emptying, "PAUSE_SECONDS", 0)
    client, stubber = refusing
    for _ in range(emptying.MOST_PASSES):
        stubber.add_response("list_object_versions", listing("first.jpg"))
        stubber.add_response("delete_objects", {"Errors": [{"Key": "first.jpg", "Code": "InternalError"}]})
    with pytest.raises(UserError, match="photos still has 1 versions of objects after 20 tries"):
        empty(client, BUCKET, nothing)


def test_rules_and_machines_that_are_gone_are_skipped() -> None:
    with mocked():
        events = boto3.client("events")
        events.put_rule(Name="there", ScheduleExpression="rate(1 day)")
        disable_rules(boto3.Session(), ["gone", "there"])
        assert events.describe_rule(Name="there")["State"] == "DISABLED"
        machine = "arn:aws:states:us-east-1:123456789012:stateMachine:gone"
        assert running(boto3.Session(), [machine]) == []


@pytest.mark.parametrize(("status", "refused"), [("UPDATE_COMPLETE", True), ("ROLLBACK_FAILED", False)])
def test_only_a_stack_that_was_complete_is_protected(status: str, refused: bool) -> None:  # noqa: FBT001  # a parameter of a test
    stack = DeployedStack(status, protected=True, settings=None)
    if not refused:
        refuse_when_protected(stack)
        return
    with pytest.raises(UserError, match="ImageLabels is protected"):
        refuse_when_protected(stack)


def test_the_protected_tables_of_a_failed_creation_are_deleted() -> None:
    with mocked():
        dynamodb = boto3.client("dynamodb")
        dynamodb.create_table(
            TableName="labels",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            DeletionProtectionEnabled=True,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
        delete_unused(boto3.Session(), ["gone", "labels"])
        assert dynamodb.list_tables()["TableNames"] == []
