"""A correction: of a key that does not exist, the emulator tells everybody; S3 tells those who may list the bucket."""

from http import HTTPStatus
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.router import extract_access_key_id

from imagelabels.local.asgi import App, Receive, Scope, Send

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class MissingKey:
    """An ASGI app around another one that answers 403 and not 404 to callers without s3:ListBucket, as S3 does."""

    def __init__(self, app: App, region: str) -> None:
        self._app, self._region = app, region

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bucket = asked_bucket(scope)
        if not bucket:
            await self._app(scope, receive, send)
            return
        denied = False

        async def forward(message: Any) -> None:
            nonlocal denied
            if message.get("status") == HTTPStatus.NOT_FOUND:
                denied = not self._may_list(scope, bucket)
            if not denied:
                await send(message)

        await self._app(scope, receive, forward)
        if denied:
            await _deny(send, scope["method"])

    def _may_list(self, scope: Scope, bucket: str) -> bool:
        named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        key = extract_access_key_id(named, {})
        refused = iam_evaluator.enforce(key, "s3:ListBucket", "s3", self._region, f"arn:aws:s3:::{bucket}")
        return refused is None


def asked_bucket(scope: Scope) -> str:
    """Return the bucket whose object a signed request asks for, nothing for any other request."""
    signed = b"/s3/aws4_request" in dict(scope.get("headers", [])).get(b"authorization", b"")
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or not signed:
        return ""
    bucket, _slash, key = str(scope["path"]).lstrip("/").partition("/")
    return bucket if key else ""


async def _deny(send: Send, method: str) -> None:
    body = b"" if method == "HEAD" else DENIED
    headers = [(b"content-type", b"application/xml"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": HTTPStatus.FORBIDDEN.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
