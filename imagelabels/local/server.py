"""The emulator and the recognizer on one loopback port: `python -m imagelabels.local.server PORT SOCKET HOME REGION`.

SOCKET is the number of the listening socket that the parent passes on. The parent prepares the environment
(`engine.environment`, and the account's key), because the emulator reads it when it is imported;
the end of standard input, which is the parent's end, ends the server.
"""

import asyncio
import os
import sys
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app as emulator

from imagelabels.local import switches
from imagelabels.local.access.admission import Admission
from imagelabels.local.asgi import App, Receive, Scope, Send
from imagelabels.local.emulator import corrections, runtime_api, ses_mail, sns_mail, waiting
from imagelabels.local.emulator.missing_key import MissingKey
from imagelabels.local.emulator.versioned_range import VersionedRange
from imagelabels.local.faults import hooks as inside
from imagelabels.local.faults.functions import Functions
from imagelabels.local.faults.layer import RESTING, Faults
from imagelabels.local.recognizer.amazon import AmazonRekognition, taken
from imagelabels.local.recognizer.classifier import chosen
from imagelabels.local.recognizer.fixed import LOCAL, REKOGNITION
from imagelabels.local.recognizer.label_detector import LabelDetector
from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.service import TARGET_PREFIX, Recognizer


class Gateway:
    """One ASGI app of two: requests for Rekognition go to the recognizer, all others to the emulator."""

    def __init__(self, emulator: App, recognizer: App) -> None:
        self._emulator, self._recognizer = emulator, recognizer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._emulator(scope, receive, send)
        elif dict(scope["headers"]).get(b"x-amz-target", b"").startswith(TARGET_PREFIX):
            await self._recognizer(scope, receive, send)
        else:
            # The stack refuses plain HTTP; on loopback there is nobody to listen in.
            await self._emulator({**scope, "scheme": "https"}, receive, send)


def compose(port: int, region: str, mode: str, detector: LabelDetector) -> App:
    """Put the emulator, the recognizer, the faults and the switches for them together."""
    recognizer, working = Recognizer(f"http://127.0.0.1:{port}", region, detector, mode), Functions()
    faults = Faults(Gateway(MissingKey(VersionedRange(emulator), region), recognizer), working)
    inside.invoke_through(faults, working)
    inside.record_through(faults)
    inside.deliver_through(faults)
    controls = switches.Control({"recognizer": (recognizer, {"mode": mode}), "faults": (faults, RESTING)})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        switched = scope["type"] == "http" and scope["path"].startswith(switches.PREFIX)
        await (controls if switched else faults)(scope, receive, send)

    return Admission(app, port)


async def run(port: int, socket: int, region: str) -> None:
    """Serve until standard input ends."""
    config = Config()
    config.bind = [f"fd://{socket}"]
    config.graceful_timeout = 1
    config.backlog = 1024
    mode = os.environ.get("RECOGNIZER", LOCAL)
    gateway = compose(port, region, mode, _detector(mode))
    parent = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await serve(gateway, config, shutdown_trigger=lambda: parent)  # type: ignore[arg-type]  # Hypercorn's scopes are TypedDicts


def _detector(mode: str) -> LabelDetector:
    return AmazonRekognition(taken(os.environ)) if mode == REKOGNITION else LocalLabels(chosen(os.environ))


def main() -> None:
    port, socket, home, region = sys.argv[1:]
    corrections.let_wildcards_match_line_breaks()
    corrections.name_throttles()
    corrections.name_executions()
    corrections.draw_waits()
    corrections.draw_credentials()
    runtime_api.close_to_other_users()
    waiting.wait_for_batches()
    waiting.wait_for_a_free_function()
    sns_mail.deliver_to(Path(home) / "mail")
    ses_mail.name_identities()
    ses_mail.deliver_to(Path(home) / "mail")
    asyncio.run(run(int(port), int(socket), region))


if __name__ == "__main__":
    main()
