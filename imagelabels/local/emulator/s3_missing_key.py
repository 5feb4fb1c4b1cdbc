from http import HTTPStatus
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.router import extract_access_key_id

from imagelabels.local.asgi import App, Receive, Scope, Send

ACCESS_DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


def apply(app: App, region: str) -> App:
    """Answer 403 for a missing key to a caller without s3:ListBucket.

    AWS: GetObject and HeadObject of a missing key answer 404 with s3:ListBucket, and 403 without it.
    The emulator: it answers 404 to every caller.
    Source: docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """

    async def corrected(scope: Scope, receive: Receive, send: Send) -> None:
        bucket = bucket_of_signed_read(scope)
        if not bucket:
            await app(scope, receive, send)
            return
        denied = False

        async def forward(message: Any) -> None:
            nonlocal denied
            if message.get("status") == HTTPStatus.NOT_FOUND:
                denied = not _may_list(scope, bucket, region)
            if not denied:
                await send(message)

        await app(scope, receive, forward)
        if denied:
            await _deny(send, scope["method"])

    return corrected


def bucket_of_signed_read(scope: Scope) -> str:
    """Return the bucket of a signed GET or HEAD of an object, "" for any other request."""
    signed = b"/s3/aws4_request" in dict(scope.get("headers", [])).get(b"authorization", b"")
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or not signed:
        return ""
    bucket, _slash, key = str(scope["path"]).lstrip("/").partition("/")
    return bucket if key else ""


def _may_list(scope: Scope, bucket: str, region: str) -> bool:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    access_key = extract_access_key_id(headers, {})
    denial = iam_evaluator.enforce(access_key, "s3:ListBucket", "s3", region, f"arn:aws:s3:::{bucket}")
    return denial is None


async def _deny(send: Send, method: str) -> None:
    body = b"" if method == "HEAD" else ACCESS_DENIED
    headers = [(b"content-type", b"application/xml"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": HTTPStatus.FORBIDDEN.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
