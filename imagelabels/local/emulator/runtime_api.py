"""The ports on which functions fetch their invocations (the Lambda Runtime API): only for functions.

The emulator opens one for each running function, and answers everybody: a web page could report a failure in the
function's name, another user of this machine take its event.
"""

import os
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from imagelabels.local.access.admission import from_browser

# The kernel's table of connections, with the user whom each belongs to; other systems than Linux have none.
CONNECTIONS = Path("/proc/net/tcp")


def close_to_other_users() -> None:
    """Guard every server of this process that is made of Python's `http.server`, as all of these are."""
    handle, parse = BaseHTTPRequestHandler.handle, BaseHTTPRequestHandler.parse_request

    def handle_own(self: Any) -> None:
        if _ours(self.client_address, self.server.server_address):
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

    BaseHTTPRequestHandler.handle = handle_own  # type: ignore[method-assign]
    BaseHTTPRequestHandler.parse_request = parse_from_programs  # type: ignore[method-assign]


def _ours(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Whether the user who runs this process opened the connection."""
    if not CONNECTIONS.exists():
        return True
    ends = [f":{client[1]:04X}", f":{server[1]:04X}"]
    rows = [line.split() for line in CONNECTIONS.read_text().splitlines()[1:]]
    users = [row[7] for row in rows if [row[1][-5:], row[2][-5:]] == ends]
    return users == [str(os.getuid())]
