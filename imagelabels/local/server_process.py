"""The process of the local AWS: its folder, its port, its environment, and its end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imagelabels.errors import UserError
from imagelabels.local import port as loopback
from imagelabels.paths import OUTPUTS, ROOT
from imagelabels.stack import local_lock

REGION = "us-east-1"
LOG = "engine.log"
# Each running function is a Python process. More of them than the processors can run only slow each other down.
CONCURRENT_FUNCTIONS = min(16, 4 * (os.cpu_count() or 1))


@contextmanager
def starting(port: int, home: Path, settings: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start the server on `port` (0: any free one) and return its port and process; end it after the block.

    `settings` are environment variables of the server. Raises UserError when the folder or the port cannot be used.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        raise UserError(f"{home} cannot be a local stack's own folder: {error.strerror}.") from error
    with local_lock.hold(home), loopback.listen(port) as listener:
        port = listener.getsockname()[1]
        _delete_last_run(home)
        with _serving(listener, home, environment(port, home) | settings) as server:
            yield port, server


def _delete_last_run(home: Path) -> None:
    """Delete the files of the last run: the emulator keeps its state in memory, so they would be wrong."""
    (home / OUTPUTS).unlink(missing_ok=True)
    for name in ("cdk.out", "assembly", "mail", "tmp"):
        shutil.rmtree(home / name, ignore_errors=True)
    (home / "tmp").mkdir()


def environment(port: int, home: Path) -> dict[str, str]:
    """Return the environment of the emulator and the functions: this shell's, without AWS's and Python's settings.

    It has no proxy: the server and the functions talk only to this machine.
    """
    foreign = ("AWS_", "PYTHON")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(foreign) and not name.lower().endswith("_proxy")
    }
    return kept | {
        "AUTH": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_ACCOUNT_CONCURRENCY": str(CONCURRENT_FUNCTIONS),
        "LOG_LEVEL": "WARNING",
        "MINISTACK_HOST": loopback.HOST,
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "TMPDIR": str(home / "tmp"),
    }


@contextmanager
def _serving(listener: socket.socket, home: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    port, number = listener.getsockname()[1], listener.fileno()
    command = [sys.executable, "-m", "imagelabels.local.server", str(port), str(number), str(home), REGION]
    # The listener is closed here once the server has it, so that the port is free when the server ends.
    with listener, (home / LOG).open("wb") as log:
        # In a session of its own: Ctrl-C reaches only this process, which then ends the server and its functions.
        server = subprocess.Popen(  # noqa: S603  # our own program
            command,
            cwd=ROOT,
            env=variables,
            pass_fds=[number],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.communicate()
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
