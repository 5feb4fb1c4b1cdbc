from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from imagelabels.local.access.admission import from_browser
from imagelabels.tcp_peer import is_own_user


def apply() -> None:
    """Close the Lambda Runtime API to web pages and to other users of this machine.

    AWS: only the function's own execution environment reaches its Runtime API.
    The emulator: it opens a port for each running function and answers everybody: a web page could report a failure in
    the function's name, and another user could take its event.
    This guards every `http.server` of this process, because the emulator defines its handlers inside functions.
    Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
    """
    handle, parse = BaseHTTPRequestHandler.handle, BaseHTTPRequestHandler.parse_request

    def handle_own_user(self: Any) -> None:
        if is_own_user(self.client_address, self.server.server_address):
            handle(self)

    def parse_from_programs(self: Any) -> bool:
        if not parse(self):
            return False
        host, port = self.server.server_address[:2]
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()]
        reason = from_browser(self.command, headers, {f"{host}:{port}".encode()})
        if reason:
            self.send_error(HTTPStatus.FORBIDDEN, reason)
        return not reason

    BaseHTTPRequestHandler.handle = handle_own_user  # type: ignore[method-assign]
    BaseHTTPRequestHandler.parse_request = parse_from_programs  # type: ignore[method-assign]
