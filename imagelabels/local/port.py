"""The loopback port on which the local stack listens."""

import http.client
import socket
import subprocess
import time

from imagelabels.errors import UserError

HOST = "127.0.0.1"
HEALTH = "/_ministack/health"
START_SECONDS = 60


def listen(port: int) -> socket.socket:
    """Listen on `port` (0: any free one); raises UserError when it is in use.

    The server inherits the socket, so that no other program can take the port before the server starts.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise UserError(f"Port {port} is in use; choose another one: make run PORT={port + 1}") from error
    return listener


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait(port: int, server: subprocess.Popen[bytes], log: str) -> None:
    """Wait until the server answers; raises UserError when it ends or takes longer than START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if answers(port):
            return
        time.sleep(0.05)
    raise UserError(f"The local AWS did not come up on port {port}; {log} says why.")
