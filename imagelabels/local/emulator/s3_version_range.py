import re
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from imagelabels.local.asgi import App, Receive, Scope, Send

BYTES = re.compile(rb"bytes=(\d+)-(\d+)")


def apply(app: App) -> App:
    """Answer a GET of a range of one object version with that range.

    AWS: GetObject takes Range and versionId together, and answers 206 with Content-Range.
    The emulator: with versionId it answers 200 with the whole object.
    Source: docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """

    async def corrected(scope: Scope, receive: Receive, send: Send) -> None:
        byte_range = range_of_version(scope) if scope["type"] == "http" else None
        if byte_range is None:
            await app(scope, receive, send)
        else:
            response = _Response()
            await app(scope, receive, response.collect)
            await response.send_range(send, *byte_range)

    return corrected


def range_of_version(scope: Scope) -> tuple[int, int] | None:
    """Return the first and last byte that a GET of one version asks for, None for any other request."""
    if scope["method"] != "GET" or b"versionId" not in parse_qs(scope["query_string"]):
        return None
    match = BYTES.fullmatch(dict(scope["headers"]).get(b"range", b""))
    return (int(match[1]), int(match[2])) if match else None


class _Response:
    """A response that is collected before it is sent."""

    def __init__(self) -> None:
        self._start: dict[str, Any] = {}
        self._body = b""

    async def collect(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._start = dict(message)
        else:
            self._body += message.get("body", b"")

    async def send_range(self, send: Send, first: int, last: int) -> None:
        if self._start["status"] == HTTPStatus.OK:
            self._cut(first, last)
        await send(self._start)
        await send({"type": "http.response.body", "body": self._body})

    def _cut(self, first: int, last: int) -> None:
        total, self._body = len(self._body), self._body[first : last + 1]
        changed = {
            b"content-length": str(len(self._body)).encode(),
            b"content-range": f"bytes {first}-{first + len(self._body) - 1}/{total}".encode(),
        }
        # S3 sends no checksum with a range: a checksum is of the whole object.
        kept = [
            (name, value)
            for name, value in self._start["headers"]
            if name.lower() not in changed and not name.lower().startswith(b"x-amz-checksum")
        ]
        self._start |= {"status": HTTPStatus.PARTIAL_CONTENT.value, "headers": [*kept, *changed.items()]}
