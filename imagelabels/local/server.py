"""The emulator and the recognizer on one loopback port: `python -m imagelabels.local.server PORT SOCKET HOME REGION`.

SOCKET is the file descriptor of the listening socket, inherited from the parent process. The parent also sets the
environment (`server_process.environment`, and the account's key), because the emulator reads it when it is imported.
The server ends at the end of its standard input, which is when the parent ends.
"""

import asyncio
import os
import sys
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app as ministack

from imagelabels.local import emulator
from imagelabels.local.access.admission import Admission
from imagelabels.local.asgi import App, Receive, Scope, Send
from imagelabels.local.faults import hooks
from imagelabels.local.faults.middleware import NO_PLAN, FaultMiddleware
from imagelabels.local.faults.running_functions import RunningFunctions
from imagelabels.local.port import HOST
from imagelabels.local.recognizer.amazon import AmazonRekognition, taken
from imagelabels.local.recognizer.classifier import chosen
from imagelabels.local.recognizer.fixed import LOCAL, REKOGNITION
from imagelabels.local.recognizer.label_detector import OWN_MODEL, LabelDetector
from imagelabels.local.recognizer.local_labels import LocalLabels
from imagelabels.local.recognizer.service import TARGET_PREFIX, Recognizer
from imagelabels.local.switches import PREFIX, Switches


class Gateway:
    """An ASGI app that sends requests for Rekognition to the recognizer, and all others to the emulator."""

    def __init__(self, aws: App, recognizer: App) -> None:
        self._aws, self._recognizer = aws, recognizer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._aws(scope, receive, send)
        elif dict(scope["headers"]).get(b"x-amz-target", b"").startswith(TARGET_PREFIX):
            await self._recognizer(scope, receive, send)
        else:
            # The stack's policies refuse plain HTTP; on loopback nobody else can read it.
            await self._aws({**scope, "scheme": "https"}, receive, send)


def compose(aws: App, port: int, region: str, mode: str, detector: LabelDetector) -> App:
    """Return the ASGI app of the whole server: admission, then switches or faults, then the recognizer or `aws`."""
    recognizer, functions = Recognizer(f"http://{HOST}:{port}", region, detector, mode), RunningFunctions()
    faults = FaultMiddleware(Gateway(aws, recognizer), functions)
    hooks.install(faults, functions)
    switches = Switches({"recognizer": (recognizer, {"mode": mode}), "faults": (faults, NO_PLAN)})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_switch = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        await (switches if is_switch else faults)(scope, receive, send)

    return Admission(app, port)


async def run(app: App, socket: int) -> None:
    """Serve until standard input ends."""
    config = Config()
    config.bind = [f"fd://{socket}"]
    config.graceful_timeout = 1
    config.backlog = 1024
    parent = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await serve(app, config, shutdown_trigger=lambda: parent)  # type: ignore[arg-type]  # Hypercorn's scopes are TypedDicts


def _detector(mode: str) -> LabelDetector:
    if mode == REKOGNITION:
        return AmazonRekognition(taken(os.environ))
    own, version = chosen(os.environ), os.environ.get(OWN_MODEL)
    return LocalLabels(running={version: own}) if own and version else LocalLabels(own)


def main() -> None:
    port, socket, home, region = sys.argv[1:]
    aws = emulator.apply_all(ministack, region, Path(home) / "mail")
    mode = os.environ.get("RECOGNIZER", LOCAL)
    asyncio.run(run(compose(aws, int(port), region, mode, _detector(mode)), int(socket)))


if __name__ == "__main__":
    main()
