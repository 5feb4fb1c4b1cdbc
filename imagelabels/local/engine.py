"""AWS on this machine with the stack deployed: everything that `make run` starts and stops."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from imagelabels.deploy.images_bucket import turn_on_events
from imagelabels.deploy.sender import ensure_identity
from imagelabels.deploy.settings import check, parsed
from imagelabels.errors import UserError
from imagelabels.local import port as loopback
from imagelabels.local.access.key import Key, new_key, write_private
from imagelabels.local.create_stack import create_stack
from imagelabels.local.recognizer.fixed import LOCAL, REKOGNITION, parse
from imagelabels.local.recognizer.label_detector import OWN_MODEL
from imagelabels.local.server_process import LOG, REGION, environment, starting
from imagelabels.local.synthesis import finish, synthesize
from imagelabels.local.template import make_local
from imagelabels.paths import HOME, OUTPUTS
from imagelabels.stack.connection import shell_session
from imagelabels.stack.local_session import local_session

# The settings that `make deploy` asks a person for.
CONTEXT = {"reportEmail": "you@example.com"}
# A recognizer that runs here has no quota; Amazon's is called at the rate of the setting's default.
WITHOUT_QUOTA = {"rekognitionPerSecond": "100"}
SETTINGS = "SETTINGS"
CUSTOM_LABELS = "customLabelsModel"
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
    """Start AWS on `port` (0: any free one) and deploy the stack; stop everything at the end of the block.

    `recognizer` is a name that `recognizer.fixed.parse` reads, else RECOGNIZER of the environment, else this
    machine's own; `emulator` are environment variables of the emulator; `context` are settings of the stack, over those
    in SETTINGS.
    Raises UserError, in one sentence, when something cannot start.
    """
    with ExitStack() as stack:
        settings = CONTEXT | _rate(recognizer) | parsed(os.environ.get(SETTINGS, "")) | dict(context or {})
        check(settings)
        say("Starting AWS on this machine ...")
        key = new_key()
        port, server = stack.enter_context(
            starting(port, home, _settings(recognizer, emulator, settings) | key.variables)
        )
        synthesis = synthesize(home / "cdk.out", settings, environment(port, home))
        say("Synthesizing the stack ...")
        finish(stack.enter_context(synthesis))
        loopback.wait(port, server, f"{home}/{LOG}")
        say("Deploying the stack ...")
        endpoint, session = _connect(port, key)
        make_local(home / "cdk.out", home / "assembly", endpoint)
        if bucket := parsed(os.environ.get(SETTINGS, "")).get("imagesBucket"):
            _make_bucket(session.client("s3", endpoint_url=endpoint), bucket)
        outputs = create_stack(session, endpoint, home / "assembly")
        if sender := settings.get("reportSender"):
            ensure_identity(session.client("sesv2", endpoint_url=endpoint), sender)
        outputs |= {"endpoint": endpoint, "region": REGION, "mail": str(home / "mail")}
        outputs |= {"accessKeyId": key.id, "secretAccessKey": key.secret}
        stack.callback((home / OUTPUTS).unlink, missing_ok=True)
        write_private(home / OUTPUTS, json.dumps(outputs, indent=2) + "\n")
        yield Engine(endpoint, session, outputs)


def _make_bucket(s3: Any, bucket: str) -> None:
    """Make the bucket that is there already on AWS, so that the same settings work here; it has no versions."""
    s3.create_bucket(Bucket=bucket)
    turn_on_events(s3, bucket)


@contextmanager
def bare(home: Path) -> Iterator[Engine]:
    """Start AWS on any free port with nothing deployed; raises UserError, in one sentence, when it cannot start."""
    key = new_key()
    with starting(0, home, key.variables) as (port, server):
        loopback.wait(port, server, f"{home}/{LOG}")
        yield Engine(*_connect(port, key), outputs={})


def _settings(
    recognizer: str | None, emulator: Mapping[str, str] | None, settings: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the server's environment variables for recognizer and emulator; raises UserError for an unknown name."""
    name = _name(recognizer)
    parse(name)
    return dict(emulator or {}) | {"RECOGNIZER": name} | _own_recognizer(name, (settings or {}).get(CUSTOM_LABELS, ""))


def _name(recognizer: str | None) -> str:
    return recognizer or os.environ.get("RECOGNIZER", LOCAL)


def _rate(recognizer: str | None) -> dict[str, str]:
    return {} if _name(recognizer) == REKOGNITION else WITHOUT_QUOTA


def _own_recognizer(name: str, custom_labels: str) -> dict[str, str]:
    if name == REKOGNITION and os.environ.get("MODEL"):
        raise UserError("MODEL= is a classifier of your own, RECOGNIZER=rekognition is Amazon's: choose one.")
    if name == REKOGNITION:
        # Only here, because reading OpenCV takes time.
        from imagelabels.local.recognizer.amazon import access  # noqa: PLC0415  # see above

        return access(shell_session()).variables()
    if custom_labels and name == LOCAL and not os.environ.get("MODEL"):
        raise UserError(f"{CUSTOM_LABELS} needs MODEL= on this machine: your own ONNX classifier that answers for it.")
    own = _model() if os.environ.get("MODEL") else {}
    return own | ({OWN_MODEL: custom_labels} if custom_labels else {})


def _model() -> dict[str, str]:
    """Return the absolute paths of the classifier in MODEL; raises UserError for one that cannot be used."""
    # Checked here too, because the server could write the error only to its log. Importing OpenCV takes time.
    from imagelabels.local.recognizer.classifier import chosen, located  # noqa: PLC0415  # see above

    chosen(os.environ)
    return located(os.environ)


def _connect(port: int, key: Key) -> tuple[str, boto3.Session]:
    return f"http://{loopback.HOST}:{port}", local_session(key.id, key.secret, REGION)
