"""What the pipeline writes for people and machines tells of photos, and never holds them or a key to them."""

import base64
import json
import mailbox
import re

import pytest

from tests.e2e.stack import Stack

# A presigned URL's parameters, and what AWS's access keys, secrets and tokens look like.
FORBIDDEN = {
    "a presigned URL": re.compile(r"X-Amz-(Signature|Credential|Security-Token)|AWSAccessKeyId=|[?&]Signature="),
    "an access key": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a secret": re.compile(r"(?i)(secret_?access_?key|session_?token|aws_secret)"),
}


@pytest.fixture(scope="module")
def photo(stack: Stack, astronaut: bytes) -> bytes:
    """Run a photo that is labelled, one that is rejected, and one that fails."""
    stack.upload("secrets/astronaut.png", astronaut)
    stack.upload("secrets/rejected.jpg", b"not a photo")
    stack.start({"photo": "of another shape"})
    return astronaut


def written(stack: Stack) -> dict[str, str]:
    """Return everything that was written: log lines, execution histories, audit records, mails."""
    texts = {f"log {group} {number}": line for group, number, line in log_lines(stack)}
    step_functions = stack.client("stepfunctions")
    for arn in stack.executions():
        history = step_functions.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        texts[f"history {arn}"] = json.dumps(history, default=str)
    received = stack.client("sqs").receive_message(
        QueueUrl=stack.outputs["AuditQueueUrl"], MaxNumberOfMessages=10, VisibilityTimeout=0, WaitTimeSeconds=1
    )
    texts |= {f"audit record {message['MessageId']}": message["Body"] for message in received.get("Messages", [])}
    maildir = mailbox.Maildir(stack.outputs["mail"])
    return texts | {f"mail {name}": maildir.get_bytes(name).decode() for name in maildir.keys()}  # noqa: SIM118  # not a dict's


def log_lines(stack: Stack) -> list[tuple[str, int, str]]:
    logs = stack.client("logs")
    return [
        (group["logGroupName"], number, event["message"])
        for page in logs.get_paginator("describe_log_groups").paginate()
        for group in page["logGroups"]
        for found in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        for number, event in enumerate(found["events"])
    ]


def test_nothing_that_is_written_holds_a_photo_or_a_key(stack: Stack, photo: bytes) -> None:
    texts = written(stack)
    kinds = {name.split()[0] for name in texts}
    assert kinds == {"log", "history", "audit", "mail"}
    pieces = [base64.b64encode(photo[at : at + 48]).decode() for at in (0, 3_000, 30_000)]
    for name, text in texts.items():
        held = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
        assert held == [], f"{name} holds {held}: {text[:500]}"
        assert not [piece for piece in pieces if piece in text], f"{name} holds bytes of the photo"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a presigned URL", "https://b.s3.amazonaws.com/k?X-Amz-Credential=a&X-Amz-Signature=b"),
        ("an access key", "by ASIAIOSFODNN7EXAMPLE"),
        ("a secret", '{"SecretAccessKey": "x"}'),
    ],
)
def test_what_is_forbidden_would_be_noticed(what: str, text: str) -> None:
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == [what]
