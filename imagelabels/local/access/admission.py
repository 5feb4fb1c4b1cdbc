"""Who may talk to the local stack: programs that sign, never a web page; all others get 403 before anything looks."""

import json
from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from typing import Any

from imagelabels.local.access import signature
from imagelabels.local.asgi import App, Receive, Scope, Send
from imagelabels.local.port import HEALTH, HOST
from imagelabels.local.switches import PREFIX

NAMES = (HOST, "localhost", "[::1]")
# No bucket can have such a name: what begins so is the emulator's own (`/_ministack/`, `/_localstack/`, `/_aws/`).
INTERNAL = "/_"


class Admission:
    """The outermost ASGI app. Each request must be signed, come from no browser, and name this port of this machine."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}".encode() for name in NAMES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            # Nothing that is labelled here needs WebSockets; a page may open one to any host.
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif reason := self._foreign(scope):
            await _refuse(scope, send, b"application/json", json.dumps({"message": reason}).encode())
        else:
            await self._signed(scope, receive, _WithoutCors(send))

    def _foreign(self, scope: Scope) -> str:
        """Return why nobody may send such a request, signed or not; nothing if somebody may."""
        path = str(scope["path"])
        if reason := from_browser(scope["method"], scope["headers"], self._hosts):
            return reason
        internal = path.startswith(INTERNAL) and not path.startswith(PREFIX) and not _asks_health(scope)
        return "The emulator's own paths are closed." if internal else ""

    async def _signed(self, scope: Scope, receive: Receive, send: Send) -> None:
        failure = None
        if not _asks_health(scope):
            failure, receive = await signature.refused(scope, receive)
        if failure is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send, *signature.worded(scope, failure))


def from_browser(method: str, given: Iterable[tuple[bytes, bytes]], hosts: set[bytes]) -> str:
    """Return what shows that a web page may have sent this, or that its sender meant another host; else nothing."""
    headers = [(name.lower(), value) for name, value in given]
    if method == "OPTIONS" or any(_browsers(name) for name, _value in headers):
        return "Web pages are not served."
    named = [value.lower() for name, value in headers if name == b"host"]
    return "" if len(named) == 1 and named[0] in hosts else "The Host is another one."


def _browsers(name: bytes) -> bool:
    """Whether only a browser sends this header: a page can neither leave it out nor make it up (Fetch, 2.2.2)."""
    return name == b"origin" or name.startswith(b"sec-fetch-")


def _asks_health(scope: Scope) -> bool:
    return bool(scope["path"] == HEALTH and scope["method"] == "GET")


async def _refuse(scope: Scope, send: Send, content_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    if scope["http_version"] != "2":
        # The body was not read, so the server closes; who knows that does not send the next request into it.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": HTTPStatus.FORBIDDEN.value, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _WithoutCors:
    """A `send` that lets no header out by which a browser would show an answer to a page of another origin."""

    def __init__(self, send: Send) -> None:
        self._send = send
        # The faults close connections through the server's stream, whose method `send` is.
        self.__self__ = getattr(send, "__self__", None)

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if "headers" in message:
            kept = [(name, value) for name, value in message["headers"] if not _of_cors(name)]
            message = {**message, "headers": kept}
        await self._send(message)


def _of_cors(name: bytes) -> bool:
    return name.lower().startswith(b"access-control-")
