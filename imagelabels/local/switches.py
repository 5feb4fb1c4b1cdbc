"""Settings that tests and benchmarks change while the stack runs: /_local/recognizer and /_local/faults."""

import json
from typing import Any, Protocol

from imagelabels.errors import UserError
from imagelabels.local.asgi import Receive, Scope, Send, read_body, send_json

# A bucket's name cannot begin with an underscore, so this hides no S3 path.
PREFIX = "/_local/"


class Switch(Protocol):
    """A part of the server with a state that can be read and changed."""

    def state(self) -> dict[str, Any]: ...

    def change(self, document: dict[str, Any]) -> None: ...


class Switches:
    """An ASGI app. GET returns a switch's state, PUT changes it, DELETE changes it back to its initial document.

    `switches` has each switch and its initial document by name.
    """

    def __init__(self, switches: dict[str, tuple[Switch, dict[str, Any]]]) -> None:
        self._switches = switches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        name = scope["path"].removeprefix(PREFIX)
        if name not in self._switches:
            await send_json(send, 404, {"message": f"There is only {', '.join(self._switches)} here."})
            return
        switch, initial = self._switches[name]
        try:
            if scope["method"] in {"PUT", "DELETE"}:
                switch.change(json.loads(body) if scope["method"] == "PUT" else initial)
        except (UserError, ValueError, KeyError, TypeError, AttributeError) as error:
            await send_json(send, 400, {"message": f"{type(error).__name__}: {error}"})
        else:
            await send_json(send, 200, switch.state())
