"""The loopback port on which the local stack listens."""

import errno
import http.client
import socket
import subprocess
import time

from imagelabels.errors import UserError

HOST = "127.0.0.1"
HEALTH = "/_ministack/health"
START_SECONDS = 60
LAST = 65_535


def listen(port: int) -> socket.socket:
    """Listen on `port` (0: any free one); raises UserError when it is in use, or not allowed.

    The server inherits the socket, so that no other program can take the port before the server starts.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise UserError(_why(port, error)) from error
    return listener


def _why(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < LAST else 0
        return f"Port {port} is in use; choose another one: make run PORT={other}"
    if error.errno == errno.EACCES:
        return f"Port {port} is only for the system administrator; choose one from 1024: make run PORT=4566"
    return f"Port {port} cannot be used: {error.strerror}."


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
