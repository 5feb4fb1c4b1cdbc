"""A correction: asked for a range of a named object version, the emulator answers with the whole object."""

import re
from typing import Any
from urllib.parse import parse_qs

from imagelabels.local.asgi import App, Receive, Scope, Send

BYTES = re.compile(rb"bytes=(\d+)-(\d+)")


def asked_range(scope: Scope) -> tuple[int, int] | None:
    """Return the first and last byte that a GET of one version asks for, None for any other request."""
    if scope["method"] != "GET" or b"versionId" not in parse_qs(scope["query_string"]):
        return None
    match = BYTES.fullmatch(dict(scope["headers"]).get(b"range", b""))
    return (int(match[1]), int(match[2])) if match else None


class VersionedRange:
    """An ASGI app around another one that cuts a whole object down to the bytes that were asked for."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = asked_range(scope) if scope["type"] == "http" else None
        if asked is None:
            await self._app(scope, receive, send)
        else:
            answer = _Answer()
            await self._app(scope, receive, answer.take)
            await answer.forward(send, *asked)


class _Answer:
    def __init__(self) -> None:
        self._start: dict[str, Any] = {}
        self._body = b""

    async def take(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._start = dict(message)
        else:
            self._body += message.get("body", b"")

    async def forward(self, send: Send, first: int, last: int) -> None:
        if self._start["status"] == 200:  # noqa: PLR2004  # a whole object
            self._cut(first, last)
        await send(self._start)
        await send({"type": "http.response.body", "body": self._body})

    def _cut(self, first: int, last: int) -> None:
        total, self._body = len(self._body), self._body[first : last + 1]
        changed = {
            b"content-length": str(len(self._body)).encode(),
            b"content-range": f"bytes {first}-{first + len(self._body) - 1}/{total}".encode(),
        }
        kept = [(name, value) for name, value in self._start["headers"] if not _of_whole(name.lower(), changed)]
        self._start |= {"status": 206, "headers": [*kept, *changed.items()]}


def _of_whole(name: bytes, changed: dict[bytes, bytes]) -> bool:
    """Whether a header speaks of the whole object; S3 sends no checksum with a range."""
    return name in changed or name.startswith(b"x-amz-checksum")
