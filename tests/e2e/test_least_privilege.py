"""No role of a step may do more than its function needs: each permission that is taken away breaks something.

The functions of queues are in test_least_privilege_of_queues.py.
"""

import copy
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from imagelabels_shared.execution_input import locate
from infra.definition import definition
from tests.e2e.stack import Stack

# Lambda itself writes the log, with the function's role; the emulator's Lambda does not ask the role.
# docs/permissions.md and its test hold these two to the function's own log group.
LOGS = "logs:"
STALE = "LABEL#Stale"
# What Rekognition itself may need, and our recognizer does not (docs/decisions/2026-11-25-rekognition-reads.md).
KEPT = {("DetectLabels", "s3:GetObject", "arn:aws:s3:::{images}/*")}
# The field that EventBridge adds to a replayed event; here it has the ARN of the execution that failed.
REPLAY = "replay-name"


class Permission(NamedTuple):
    """One thing that a role may do: the unit that is taken away."""

    function: str
    role: str
    policy: str
    action: str
    resource: str


class Ending(NamedTuple):
    """How a run ended, and what it left of the photo in the table."""

    status: str
    states: tuple[str, ...]
    records: frozenset[str]


@pytest.fixture(scope="module")
def inputs(stack: Stack) -> dict[str, dict[str, Any]]:
    """Upload what the workflow's paths need; return the input of one execution for each path."""
    s3, photo = stack.client("s3"), picture("PNG", 96)
    # Their executions have ended before a role is changed.
    stack.upload("privilege/a photo.png", photo)
    stack.upload("privilege/another format.bmp", picture("BMP", 96))
    stack.upload("privilege/deleted.png", photo)
    version = s3.head_object(Bucket=stack.bucket, Key="privilege/deleted.png")["VersionId"]
    s3.delete_object(Bucket=stack.bucket, Key="privilege/deleted.png")
    return {
        "an upload": uploaded_event(stack.bucket, "privilege/an upload.png"),
        "a replay": uploaded_event(stack.bucket, "privilege/a photo.png") | {REPLAY: stack.start({})["executionArn"]},
        "a photo": {"bucket": stack.bucket, "key": "privilege/a photo.png"},
        "another format": {"bucket": stack.bucket, "key": "privilege/another format.bmp"},
        "never uploaded": {"bucket": stack.bucket, "key": "privilege/never uploaded.png"},
        "deleted since": {"bucket": stack.bucket, "key": "privilege/deleted.png", "versionId": version},
    }


def uploaded_event(bucket: str, key: str) -> dict[str, Any]:
    """Return the part of an upload's event that tells the photo."""
    detail = {"bucket": {"name": bucket}, "object": {"key": key}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def picture(kind: str, side: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(buffer, kind)
    return buffer.getvalue()


def run(stack: Stack, document: dict[str, Any]) -> Ending:
    """Run one path to its end; the photo begins with a label in the table that it no longer shows."""
    key = locate(document)["key"]
    image = f"{stack.bucket}/{key}"
    stale = {"image_id": {"S": image}, "record": {"S": STALE}, "label": {"S": "Stale"}}
    stack.client("dynamodb").put_item(TableName=stack.outputs["LabelsTableName"], Item=stale)
    # Only what EventBridge starts, for a version of its own, claims the version; what a person starts does not.
    if REPLAY in document:
        end = replay(stack, document, key)
    else:
        end = stack.upload(key, picture("PNG", 96)) if "detail" in document else stack.start(document)
    records = frozenset(record for record in stack.items(key) if not record.startswith("RUN#"))
    return Ending(end["status"], tuple(stack.states(end["executionArn"])), records)


def replay(stack: Stack, document: dict[str, Any], key: str) -> dict[str, Any]:
    """Start an execution as EventBridge does for a replayed event, of a version that a failed execution claimed."""
    version = stack.client("s3").head_object(Bucket=stack.bucket, Key=key)["VersionId"]
    claim = {"id": {"S": f"VERSION#{version}#{stack.bucket}/{key}"}, "execution": {"S": document[REPLAY]}}
    stack.client("dynamodb").put_item(TableName=stack.outputs["ClaimsTableName"], Item=claim)
    machine, name = stack.outputs["StateMachineArn"], f"{uuid4()}_{uuid4()}"
    started = stack.client("stepfunctions").start_execution(
        stateMachineArn=machine, name=name, input=json.dumps(document)
    )
    return stack.ended(started["executionArn"])


def functions_of_states() -> dict[str, str]:
    """Return which function each state calls, from the definition."""
    states = definition()["States"]
    called = {name: state.get("Parameters", {}).get("FunctionName", "") for name, state in states.items()}
    return {
        name: function.removeprefix("${").removesuffix("FunctionArn}") for name, function in called.items() if function
    }


def permissions(stack: Stack, functions: set[str]) -> Iterator[Permission]:
    """Yield what the deployed roles of these functions may do."""
    iam = stack.client("iam")
    for function in stack.client("lambda").list_functions()["Functions"]:
        name = "".join(word.title() for word in function["Handler"].split(".")[0].split("_"))
        role = function["Role"].rsplit("/", 1)[-1]
        if name in functions:
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
                for statement in document(iam, role, policy)["Statement"]:
                    for action, resource in pairs(statement):
                        yield Permission(name, role, policy, action, resource)


def document(iam: Any, role: str, policy: str) -> dict[str, Any]:
    found: dict[str, Any] = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    return found


def pairs(statement: dict[str, Any]) -> list[tuple[str, str]]:
    actions, resources = (
        value if isinstance(value, list) else [value] for value in (statement["Action"], statement["Resource"])
    )
    return [(action, resource) for action in actions for resource in resources]


def without(policy: dict[str, Any], taken: Permission) -> dict[str, Any]:
    """Return the policy with one action on one resource less."""
    left = copy.deepcopy(policy)
    left["Statement"] = [
        {**statement, "Action": action, "Resource": resource}
        for statement in policy["Statement"]
        for action, resource in pairs(statement)
        if (action, resource) != (taken.action, taken.resource)
    ]
    return left


@contextmanager
def taken_away(stack: Stack, taken: Permission) -> Iterator[None]:
    """Let the role have one permission less, and give it back."""
    iam = stack.client("iam")
    whole = document(iam, taken.role, taken.policy)
    place = {"RoleName": taken.role, "PolicyName": taken.policy}
    iam.put_role_policy(**place, PolicyDocument=json.dumps(without(whole, taken)))
    try:
        yield
    finally:
        iam.put_role_policy(**place, PolicyDocument=json.dumps(whole))


def test_every_permission_of_every_step_is_necessary(
    stack: Stack, inputs: dict[str, dict[str, Any]], record_property: Callable[..., None]
) -> None:
    """Without it, one of the paths that call the function ends otherwise than it should."""
    calls = functions_of_states()
    whole = {name: run(stack, document) for name, document in inputs.items()}
    assert whole["a photo"].status == "SUCCEEDED"
    assert STALE not in whole["a photo"].records
    kept = {(function, action, arn.format(images=stack.bucket)) for function, action, arn in KEPT}
    every = {
        (permission.function, permission.action, permission.resource): permission
        for permission in permissions(stack, set(calls.values()))
    }
    assert kept <= every.keys(), "a permission that no role has needs no reason"
    asked = [
        permission for name, permission in every.items() if name not in kept and not permission.action.startswith(LOGS)
    ]
    assert {permission.function for permission in asked} == set(calls.values())
    needless = []
    for permission in asked:
        paths = [
            name for name, end in whole.items() if permission.function in {calls.get(state) for state in end.states}
        ]
        with taken_away(stack, permission):
            if all(run(stack, inputs[name]) == whole[name] for name in paths):
                needless.append(f"{permission.function}: {permission.action} on {permission.resource}")
    assert not needless, "\n".join(needless)
    record_property("summary", f"Least privilege: {len(asked)} of {len(asked)} permissions necessary")
    assert run(stack, inputs["a photo"]) == whole["a photo"], "the roles are whole again"


@pytest.fixture
def without_rights(stack: Stack) -> dict[str, str]:
    """Create an identity of the account without permissions; return its credentials."""
    iam = stack.client("iam")
    iam.create_user(UserName="without-rights")
    key = iam.create_access_key(UserName="without-rights")["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def test_an_upload_by_somebody_without_rights_is_refused(stack: Stack, without_rights: dict[str, str]) -> None:
    s3 = stack.client("s3", **without_rights)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=stack.bucket, Key="intruder.jpg", Body=b"x")
    assert "Contents" not in stack.client("s3").list_objects_v2(Bucket=stack.bucket, Prefix="intruder.jpg")


def as_function(stack: Stack, folder: str) -> dict[str, str]:
    """Return credentials that may do what the function may whose handler is in `folder`.

    They are a user's with the role's policies: only Lambda may assume the role itself.
    """
    functions, iam = stack.client("lambda").list_functions()["Functions"], stack.client("iam")
    (role,) = [
        function["Role"].rsplit("/", 1)[-1] for function in functions if function["Handler"].startswith(f"{folder}.")
    ]
    user = f"as-{folder}-{uuid4()}"
    iam.create_user(UserName=user)
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        iam.put_user_policy(UserName=user, PolicyName=name, PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def test_a_functions_role_is_for_lambda_alone(stack: Stack) -> None:
    """Also for the administrator of the account: only the function's code has the function's permissions."""
    for function in stack.client("lambda").list_functions()["Functions"]:
        with pytest.raises(ClientError, match="AccessDenied"):
            stack.client("sts").assume_role(RoleArn=function["Role"], RoleSessionName="test")


@pytest.mark.parametrize(
    ("folder", "service", "operation", "request_of"),
    [
        ("validate_image", "s3", "put_object", lambda out: {"Bucket": out["ImagesBucketName"], "Key": "x"}),
        ("validate_image", "sns", "publish", lambda out: {"TopicArn": out["ReportsTopicArn"], "Message": "x"}),
        ("detect_labels", "s3", "delete_object", lambda out: {"Bucket": out["ImagesBucketName"], "Key": "x"}),
        (
            *("detect_labels", "dynamodb", "update_item"),
            lambda out: {"TableName": out["ClaimsTableName"], "Key": {"id": {"S": "VERSION#another item"}}},
        ),
        ("detect_labels", "sqs", "send_message", lambda out: {"QueueUrl": out["AuditQueueUrl"], "MessageBody": "x"}),
        ("persist_labels", "dynamodb", "scan", lambda out: {"TableName": out["LabelsTableName"]}),
        ("persist_labels", "dynamodb", "delete_table", lambda out: {"TableName": out["LabelsTableName"]}),
        ("publish_report", "sns", "publish", lambda out: {"TopicArn": out["OperatorsTopicArn"], "Message": "x"}),
        ("publish_report", "dynamodb", "scan", lambda out: {"TableName": out["LabelsTableName"]}),
    ],
)
def test_a_functions_role_is_refused_what_its_function_does_not_do(
    stack: Stack, folder: str, service: str, operation: str, request_of: Callable[[dict[str, str]], dict[str, Any]]
) -> None:
    client = stack.client(service, **as_function(stack, folder))
    with pytest.raises(ClientError) as refusal:
        getattr(client, operation)(**request_of(stack.outputs))
    assert refusal.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
