"""Who may talk to the console: a browser of this machine on the console's own pages, and nobody else."""

import base64
import hmac
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from imagelabels.tcp_peer import is_own_user

NAMES = ("127.0.0.1", "localhost", "[::1]")
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # only told apart; the console listens on what `--host` names
TOKEN = "x-console-token"  # noqa: S105  # the header's name
READING = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'none'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# A mail brings its own style and its pictures inside of it; it loads nothing, runs nothing and leads nowhere.
MAIL_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """The outermost app: refuses foreign hosts, foreign pages, and whoever does not know the password, if there is one.

    What changes something also needs `token`, which only the console's own pages know.
    """

    def __init__(self, app: ASGIApp, host: str, port: int, password: str = "") -> None:
        self._app, self._password = app, password
        self._any_host = host in EVERY_ADDRESS
        named = (*NAMES, host if ":" not in host else f"[{host}]")
        self._hosts = {f"{name}:{port}" for name in named}
        self.token = secrets.token_urlsafe(24)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["token"] = self.token
        refusal = self._refusal(Request(scope))
        await (refusal or self._app)(scope, receive, _with_headers(send))

    def _refusal(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if not self._password and not _of_own_user(request):
            return _refused("This is the console of another user of this machine.")
        if not self._any_host and host not in self._hosts:
            return _refused("This is the console of another address.", HTTPStatus.MISDIRECTED_REQUEST)
        if self._password and not self._knows(request.headers.get("authorization", "")):
            asked = {"WWW-Authenticate": 'Basic realm="Image Labels", charset="UTF-8"'}
            return PlainTextResponse("The console's password is needed.", HTTPStatus.UNAUTHORIZED, asked)
        if _foreign(request, host):
            return _refused("Other pages may not use the console.")
        if request.method not in READING and not self._tokened(request.headers.get(TOKEN, "")):
            return _refused("This page is of another run of the console: load it again.")
        return None

    def _tokened(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _knows(self, given: str) -> bool:
        expected = base64.b64encode(f"console:{self._password}".encode()).decode()
        return hmac.compare_digest(given.encode(), f"Basic {expected}".encode())


def _of_own_user(request: Request) -> bool:
    """Whether the user of this process sent this; the console listens on IPv4 unless it has a password."""
    client, server = request.scope.get("client"), request.scope.get("server")
    return bool(client and server and is_own_user(tuple(client), tuple(server)))


def _foreign(request: Request, host: str) -> bool:
    """Whether another page sent this: following a link to the console is all that other pages may do."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    if origin is not None and origin.split("://", 1)[-1] != host:
        return True
    followed = request.method == "GET" and request.headers.get("sec-fetch-dest") == "document"
    return site not in {"same-origin", "none"} and not followed


def _refused(why: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> Response:
    return PlainTextResponse(why, status)


def _with_headers(send: Send) -> Callable[..., Awaitable[None]]:
    """Add the headers that every answer has, unless it has a stricter one of its own."""

    async def with_headers(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            given: list[tuple[bytes, bytes]] = list(message.get("headers", ()))  # type: ignore[call-overload]
            names = {name.lower() for name, _value in given}
            extra = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*given, *(one for one in extra if one[0] not in names)]}
        await send(message)

    return with_headers
