"""AWS on this machine with the stack deployed: everything that `make run` starts, and stops."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import boto3

from imagelabels.deploy.settings import parsed
from imagelabels.errors import UserError
from imagelabels.local import port as ports
from imagelabels.local.access.key import Key, draw, write_own
from imagelabels.local.create_stack import deploy
from imagelabels.local.recognizer.fixed import OPENCV, parse
from imagelabels.local.synthesis import finish, synthesize
from imagelabels.local.template import make_local
from imagelabels.paths import HOME, OUTPUTS, ROOT
from imagelabels.stack import local_lock

REGION = "us-east-1"
# What a person sets at deploy time.
CONTEXT = {"reportEmail": "you@example.com"}
# Each running function is a Python process; more of them than a machine has time for only wait for each other.
CONCURRENT_FUNCTIONS = min(16, 4 * (os.cpu_count() or 1))
SETTINGS = "SETTINGS"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Engine:
    """A running local stack. `outputs` are the stack's own, with `endpoint`, `region`, `mail` (a Maildir)
    and the account's `accessKeyId` and `secretAccessKey`, which are made anew for each run.
    """

    endpoint: str
    session: boto3.Session
    outputs: dict[str, str]


@contextmanager
def running(
    port: int,
    home: Path = HOME,
    *,
    say: Say = lambda _line: None,
    recognizer: str | None = None,
    emulator: Mapping[str, str] | None = None,
    context: Mapping[str, str] | None = None,
) -> Iterator[Engine]:
    """Start AWS on `port` (0: any free one) and deploy the stack; stop it all at the end of the block.

    `recognizer` is what `recognizer.fixed.parse` reads, else RECOGNIZER of the environment, else OpenCV's detectors;
    `emulator` are settings of the emulator, by their environment variables; `context` are settings of the stack,
    over those in SETTINGS.
    Raises UserError, in one sentence, with what is in the way.
    """
    with ExitStack() as stack:
        chosen = CONTEXT | parsed(os.environ.get(SETTINGS, "")) | dict(context or {})
        say("Starting AWS on this machine ...")
        key = draw()
        port, server = stack.enter_context(_starting(port, home, _settings(recognizer, emulator) | key.variables))
        synthesis = synthesize(home / "cdk.out", chosen, environment(port, home))
        say("Synthesizing the stack ...")
        finish(stack.enter_context(synthesis))
        ports.wait(port, server, f"{home}/engine.log")
        say("Deploying the stack ...")
        endpoint, session = _reach(port, key)
        make_local(home / "cdk.out", home / "assembly", endpoint)
        outputs = deploy(session, endpoint, home / "assembly")
        outputs |= {"endpoint": endpoint, "region": REGION, "mail": str(home / "mail")}
        outputs |= {"accessKeyId": key.id, "secretAccessKey": key.secret}
        stack.callback((home / OUTPUTS).unlink, missing_ok=True)
        write_own(home / OUTPUTS, json.dumps(outputs, indent=2) + "\n")
        yield Engine(endpoint, session, outputs)


@contextmanager
def bare(home: Path) -> Iterator[Engine]:
    """Start AWS on any free port with nothing deployed; raises UserError, in one sentence, with what is in the way."""
    key = draw()
    with _starting(0, home, key.variables) as (port, server):
        ports.wait(port, server, f"{home}/engine.log")
        yield Engine(*_reach(port, key), outputs={})


def _settings(recognizer: str | None, emulator: Mapping[str, str] | None) -> dict[str, str]:
    name = recognizer or os.environ.get("RECOGNIZER", OPENCV)
    parse(name)
    return dict(emulator or {}) | {"RECOGNIZER": name} | (_model() if os.environ.get("MODEL") else {})


def _model() -> dict[str, str]:
    """Return where the person's classifier is: the server runs in another folder, and would refuse it in its log."""
    # Only here, because reading OpenCV takes time.
    from imagelabels.local.recognizer.classifier import chosen, located  # noqa: PLC0415  # see above

    chosen(os.environ)
    return located(os.environ)


@contextmanager
def _starting(port: int, home: Path, settings: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        raise UserError(f"{home} cannot be a local stack's own folder: {error.strerror}.") from error
    with local_lock.hold(home), ports.listen(port) as listener:
        port = listener.getsockname()[1]
        _clean(home)
        with _serving(listener, home, environment(port, home) | settings) as server:
            yield port, server


def _reach(port: int, key: Key) -> tuple[str, boto3.Session]:
    return f"http://{ports.HOST}:{port}", boto3.Session(key.id, key.secret, region_name=REGION)


def _clean(home: Path) -> None:
    """Forget the last run: the emulator keeps its state in memory, so files of an earlier run would only mislead."""
    (home / OUTPUTS).unlink(missing_ok=True)
    for name in ("cdk.out", "assembly", "mail", "tmp"):
        shutil.rmtree(home / name, ignore_errors=True)
    (home / "tmp").mkdir()


def environment(port: int, home: Path) -> dict[str, str]:
    """Return what the emulator and the functions see: this shell's environment without AWS's and Python's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return kept | {
        "AUTH": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_ACCOUNT_CONCURRENCY": str(CONCURRENT_FUNCTIONS),
        "LOG_LEVEL": "WARNING",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "TMPDIR": str(home / "tmp"),
    }


@contextmanager
def _serving(listener: socket.socket, home: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    port, number = listener.getsockname()[1], listener.fileno()
    command = [sys.executable, "-m", "imagelabels.local.server", str(port), str(number), str(home), REGION]
    # Closed here once the server has it: with the server, the port goes.
    with listener, (home / "engine.log").open("wb") as log:
        # A session of its own: Ctrl-C reaches only this process, which then ends the server and its functions.
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
