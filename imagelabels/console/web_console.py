"""What all pages of one console share: the stack, what moves in it, its pictures and its mail."""

from pathlib import Path

from starlette.requests import Request

from imagelabels.console.inbox import Inbox
from imagelabels.console.pictures import Pictures
from imagelabels.console.source import Source
from imagelabels.console.watch import Watch
from imagelabels.stack.connection import Stack


class WebConsole:
    """`inbox` is None on AWS, where the mails are their readers' own."""

    def __init__(self, stack: Stack, *, write: bool) -> None:
        self.source = Source(stack, write=write)
        self.inbox = Inbox(Path(stack.outputs["mail"])) if "mail" in stack.outputs else None
        self.watch = Watch(self.source, self.inbox)
        self.pictures = Pictures(self.source)
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


def console_of(request: Request) -> WebConsole:
    """Return the console that a request was sent to."""
    console: WebConsole = request.app.state.console
    return console
