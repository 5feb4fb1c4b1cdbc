"""Admits signed requests from programs to the local stack; a web page and an unsigned request get 403."""

import json
from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from typing import Any

from imagelabels.local.access import signature
from imagelabels.local.asgi import App, Receive, Scope, Send
from imagelabels.local.port import HEALTH, HOST
from imagelabels.local.switches import PREFIX

HOST_NAMES = (HOST, "localhost", "[::1]")
# The emulator's own paths (`/_ministack/`, `/_localstack/`, `/_aws/`) begin so; a bucket's name cannot.
INTERNAL = "/_"


class Admission:
    """An ASGI middleware. A request must be signed, come from a program, and name this port of this machine as Host."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}".encode() for name in HOST_NAMES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            # Nothing here uses WebSockets, and a web page may open one to any host.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif reason := self._reason_to_refuse(scope):
            await _refuse(scope, send, b"application/json", json.dumps({"message": reason}).encode())
        else:
            await self._admit_signed(scope, receive, _WithoutCors(send))

    def _reason_to_refuse(self, scope: Scope) -> str:
        """Return why a request is refused even if it is signed, "" if it is not refused."""
        path = str(scope["path"])
        if reason := from_browser(scope["method"], scope["headers"], self._hosts):
            return reason
        internal = path.startswith(INTERNAL) and not path.startswith(PREFIX) and not _is_health_check(scope)
        return "The emulator's own paths are closed." if internal else ""

    async def _admit_signed(self, scope: Scope, receive: Receive, send: Send) -> None:
        failure = None
        if not _is_health_check(scope):
            failure, receive = await signature.check(scope, receive)
        if failure is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send, *signature.error_response(scope, failure))


def from_browser(method: str, headers: Iterable[tuple[bytes, bytes]], hosts: set[bytes]) -> str:
    """Return why a request is from a web page or for another host, "" if it is neither."""
    lowered = [(name.lower(), value) for name, value in headers]
    if method == "OPTIONS" or any(_only_from_browsers(name) for name, _value in lowered):
        return "Web pages are not served."
    given = [value.lower() for name, value in lowered if name == b"host"]
    return "" if len(given) == 1 and given[0] in hosts else "The Host is another one."


def _only_from_browsers(name: bytes) -> bool:
    """Whether only a browser sends this header: a page can neither remove nor set it (Fetch Standard, 2.2.2)."""
    return name == b"origin" or name.startswith(b"sec-fetch-")


def _is_health_check(scope: Scope) -> bool:
    return bool(scope["path"] == HEALTH and scope["method"] == "GET")


async def _refuse(scope: Scope, send: Send, content_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    if scope["http_version"] != "2":
        # The server closes the connection, because it did not read the body: the client must open another one.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": HTTPStatus.FORBIDDEN.value, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _WithoutCors:
    """A `send` that removes the CORS headers, with which a browser would show the response to any page."""

    def __init__(self, send: Send) -> None:
        self._send = send
        # FaultMiddleware closes connections through the server's stream, whose method `send` is.
        self.__self__ = getattr(send, "__self__", None)

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if "headers" in message:
            kept = [(name, value) for name, value in message["headers"] if not _is_cors(name)]
            message = {**message, "headers": kept}
        await self._send(message)


def _is_cors(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")
