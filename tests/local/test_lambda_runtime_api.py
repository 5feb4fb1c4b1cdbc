"""The Lambda Runtime API on this machine answers functions, not web pages or other users."""

import http.client
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from imagelabels import tcp_peer
from imagelabels.local.emulator import lambda_runtime_api

NEXT = "/2018-06-01/runtime/invocation/next"


class EmulatorHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its signature
        pass


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("handle", "parse_request"):
        # monkeypatch restores the methods that the correction replaces for the whole process.
        monkeypatch.setattr(BaseHTTPRequestHandler, name, getattr(BaseHTTPRequestHandler, name))
    lambda_runtime_api.apply()
    with HTTPServer(("127.0.0.1", 0), EmulatorHandler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


def request(port: int, method: str, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_function_is_answered(port: int) -> None:
    assert request(port, "GET", NEXT) == 200
    assert request(port, "POST", "/2018-06-01/runtime/init/error") == 200


def test_a_web_page_is_refused(port: int) -> None:
    assert request(port, "POST", "/2018-06-01/runtime/init/error", Origin="https://evil.example") == 403
    assert request(port, "GET", NEXT, Sec_Fetch_Site="cross-site") == 403
    assert request(port, "GET", NEXT, Host=f"evil.example:{port}") == 403


def test_another_user_is_not_answered(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if not tcp_peer.CONNECTIONS.exists():
        assert request(port, "GET", NEXT) == 200
        return
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(http.client.RemoteDisconnected):
        request(port, "GET", NEXT)
