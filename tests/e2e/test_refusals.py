"""What cannot be labelled is rejected with a reason; what is our own fault ends red and says which permission."""

import io
import json
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.e2e.stack import Stack

REJECTED_PATH = ["StartEmpty", "ValidateImage", "RequestRemoval", "PublishRejection", "RecordRejection", "Rejected"]


def _png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("key", "body", "error", "says"),
    [
        ("text.jpg", b"Dear diary, today I took no photo.", "UnsupportedFormatError", "a text file"),
        ("empty.jpg", b"", "EmptyImageError", "empty"),
        ("tiny.png", _png(79, 79), "ImageTooSmallError", "79 × 79"),
    ],
)
def test_a_photo_at_fault_is_rejected_with_a_reason(stack: Stack, key: str, body: bytes, error: str, says: str) -> None:
    execution = stack.upload(key, body)
    _assert_rejected(stack, execution["executionArn"], error, says)


def test_a_key_that_does_not_exist_is_rejected_and_mailed_to_nobody(stack: Stack) -> None:
    arn = stack.start({"bucket": stack.bucket, "key": "never uploaded.jpg"})["executionArn"]
    assert stack.states(arn) == ["StartEmpty", "ValidateImage", "RecordNotFound", "Rejected"]
    assert stack.mails(arn) == []
    record = stack.audit(arn)
    assert (record["outcome"], record["image"]) == ("REJECTED", {})
    assert "no such photo" in record["error"]["cause"]


def _assert_rejected(stack: Stack, arn: str, error: str, says: str) -> None:
    """The path has no DetectLabels: Rekognition is not called."""
    assert stack.describe(arn)["status"] == "SUCCEEDED"
    assert stack.states(arn) == REJECTED_PATH
    (mail,) = stack.mails(arn)
    assert says in mail.get_content()
    record = stack.audit(arn)
    assert record["outcome"] == "REJECTED"
    assert record["error"]["name"] == error


def test_input_of_another_shape_fails_and_says_what_is_expected(stack: Stack) -> None:
    execution = stack.start({"photo": "x.jpg"})
    assert execution["status"] == "FAILED"
    assert 'S3 \\"Object Created\\" event' in execution["cause"]
    assert stack.audit(execution["executionArn"])["outcome"] == "FAILED"


@pytest.fixture
def _no_get_object_version(stack: Stack) -> Iterator[None]:
    """Take s3:GetObjectVersion, which an event needs, from ValidateImage's role, and give it back."""
    iam = stack.client("iam")
    role = next(r["RoleName"] for r in iam.list_roles()["Roles"] if "ValidateImageRole" in r["RoleName"])
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    iam.put_role_policy(
        RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(_without(document, "s3:GetObjectVersion"))
    )
    yield
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def _without(document: dict[str, list[dict[str, str | list[str]]]], action: str) -> dict[str, object]:
    kept = [
        {
            **statement,
            "Action": [
                name
                for name in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
                if name != action
            ],
        }
        for statement in document["Statement"]
    ]
    return {**document, "Statement": [statement for statement in kept if statement["Action"]]}


@pytest.mark.usefixtures("_no_get_object_version")
def test_a_missing_permission_ends_failed_and_is_named(stack: Stack, astronaut: bytes) -> None:
    execution = stack.upload("no permission.png", astronaut)
    assert execution["status"] == "FAILED"
    assert execution["error"] == "AccessDeniedError"
    assert "s3:GetObjectVersion" in execution["cause"]
    assert f"arn:aws:s3:::{stack.bucket}/no permission.png" in execution["cause"]
    assert stack.states(execution["executionArn"])[-2:] == ["RecordFailure", "Failed"]
    (mail,) = stack.mails(execution["executionArn"])
    assert "s3:GetObjectVersion" in mail.get_content()
