"""Switches for tests and benchmarks, on the same loopback port: /_local/recognizer and /_local/faults."""

import json
from typing import Any, Protocol

from imagelabels.errors import UserError
from imagelabels.local.asgi import Receive, Scope, Send, read_body, send_json

# No bucket can have this name, so it hides nothing of S3.
PREFIX = "/_local/"


class Switch(Protocol):
    """Something that can be looked at and changed while it runs."""

    def state(self) -> dict[str, Any]: ...

    def change(self, document: dict[str, Any]) -> None: ...


class Control:
    """An ASGI app: GET answers a switch's state, PUT changes it, DELETE puts it back to `resting`."""

    def __init__(self, switches: dict[str, tuple[Switch, dict[str, Any]]]) -> None:
        self._switches = switches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        name = scope["path"].removeprefix(PREFIX)
        if name not in self._switches:
            await send_json(send, 404, {"message": f"There is only {', '.join(self._switches)} here."})
            return
        switch, resting = self._switches[name]
        try:
            if scope["method"] in {"PUT", "DELETE"}:
                switch.change(json.loads(body) if scope["method"] == "PUT" else resting)
        except (UserError, ValueError, KeyError, TypeError, AttributeError) as error:
            await send_json(send, 400, {"message": f"{type(error).__name__}: {error}"})
        else:
            await send_json(send, 200, switch.state())
