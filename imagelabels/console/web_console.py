"""What all pages of one console share: the stack, what moves in it, its pictures and its mail."""

import json
from pathlib import Path
from typing import Any

from starlette.requests import Request

from imagelabels.console.at_once import AtOnce
from imagelabels.console.inbox import Inbox
from imagelabels.console.overview import Overview
from imagelabels.console.pictures import THUMBNAIL, Pictures, places
from imagelabels.console.source import Source
from imagelabels.console.step_log import StepLogs
from imagelabels.console.thumbnails import Thumbnails
from imagelabels.console.watch import Watch
from imagelabels.stack.connection import Stack


class WebConsole:
    """`inbox` is None on AWS, where the mails are their readers' own."""

    def __init__(self, stack: Stack, *, write: bool) -> None:
        self.source = Source(stack, write=write)
        self.inbox = Inbox(Path(stack.outputs["mail"])) if "mail" in stack.outputs else None
        self.lists = AtOnce[Overview]()
        self.pictures = Pictures(self.source)
        self.thumbnails = Thumbnails(lambda name: self.pictures.of(self.places(name), THUMBNAIL))
        self.watch = Watch(self.source, self.inbox, self.thumbnails)
        self.logs = StepLogs(stack)
        self.region = stack.session.region_name or ""
        self.endpoint = (stack.endpoint or "").removeprefix("http://")

    @property
    def write(self) -> bool:
        return self.source.write

    @property
    def local(self) -> bool:
        return self.source.local

    @property
    def account(self) -> str:
        """The number of the account, as the state machine's ARN has it."""
        return self.source.stack.machine.split(":")[4]

    def places(self, name: str) -> list[dict[str, str]]:
        """Return where the photo of an execution may be; raises UserError for one that there is not."""
        description = self.source.description(name)
        output: Any = json.loads(description.get("output") or "{}")
        return places(json.loads(description["input"]), output if isinstance(output, dict) else {})

    def close(self) -> None:
        """Look and draw no more."""
        self.watch.close()
        self.lists.close()
        self.thumbnails.close()


def console_of(request: Request) -> WebConsole:
    """Return the console that a request was sent to."""
    console: WebConsole = request.app.state.console
    return console
