"""S3 on this machine, as on AWS, tells only a caller with s3:ListBucket that a key does not exist."""

import asyncio
from typing import Any

import pytest
from ministack.core import iam_evaluator

from imagelabels.local.emulator.s3_missing_key import apply, bucket_of_signed_read

SIGNED = (b"authorization", b"AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/s3/aws4_request, Signature=x")


def scope(method: str = "GET", path: str = "/photos/cat.jpg", header: tuple[bytes, bytes] = SIGNED) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "headers": [header]}


def answer(
    request: dict[str, Any], status: int, *, may_list: bool, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, bytes]:
    """Return status and body of the correction around an app that answers `status`."""
    checked: list[tuple[str, str]] = []

    def enforce(_key: str, action: str, _service: str, _region: str, resource: str) -> object:
        checked.append((action, resource))
        return None if may_list else object()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"said"})

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {}

    monkeypatch.setattr(iam_evaluator, "enforce", enforce)

    async def call() -> None:
        await apply(app, "us-east-1")(request, receive, send)

    asyncio.run(call())
    assert checked == ([("s3:ListBucket", "arn:aws:s3:::photos")] if status == 404 else [])
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize(
    ("method", "status", "may_list", "expected"),
    [
        ("GET", 404, True, (404, b"said")),
        ("GET", 200, False, (200, b"said")),
        ("HEAD", 404, False, (403, b"")),
    ],
)
def test_a_caller_with_list_bucket_gets_404(
    method: str,
    status: int,
    may_list: bool,  # noqa: FBT001  # a parameter of a test
    expected: tuple[int, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert answer(scope(method), status, may_list=may_list, monkeypatch=monkeypatch) == expected


def test_a_caller_without_list_bucket_gets_403(monkeypatch: pytest.MonkeyPatch) -> None:
    status, body = answer(scope(), 404, may_list=False, monkeypatch=monkeypatch)
    assert status == 403
    assert b"<Code>AccessDenied</Code>" in body


@pytest.mark.parametrize(
    ("request_scope", "bucket"),
    [
        (scope(), "photos"),
        (scope("HEAD", "/photos/a/b.jpg"), "photos"),
        (scope("PUT"), ""),
        (scope(path="/photos"), ""),
        (scope(header=(b"authorization", b"AWS4-HMAC-SHA256 Credential=AKID/1/us-east-1/sqs/aws4_request")), ""),
    ],
)
def test_only_signed_reads_of_objects_are_checked(request_scope: dict[str, Any], bucket: str) -> None:
    assert bucket_of_signed_read(request_scope) == bucket
