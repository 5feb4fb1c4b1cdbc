"""The loopback port that everything local listens on."""

import socket
import subprocess
import time

from imagelabels.errors import DeskError

HOST = "127.0.0.1"
START_SECONDS = 60


def choose(port: int) -> int:
    """Return `port` if it can be bound, any free one for 0; raises DeskError when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DeskError(f"Port {port} is in use; choose another one: make run PORT={port + 1}") from error
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def wait(port: int, server: subprocess.Popen[bytes], log: str) -> None:
    """Wait until the server listens; raises DeskError when it ends, or takes longer than START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if answers(port):
            return
        time.sleep(0.05)
    raise DeskError(f"The local AWS did not come up on port {port}; {log} says why.")
