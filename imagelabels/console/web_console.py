"""What all pages of one console share: the stack, what moves in it, its pictures and its mail."""

from pathlib import Path

from starlette.requests import Request

from imagelabels.console.inbox import Inbox
from imagelabels.console.pictures import Pictures
from imagelabels.console.source import Source
from imagelabels.console.watch import Watch
from imagelabels.stack.connection import Connection


class WebConsole:
    """`inbox` is None on AWS, where the mails are their readers' own."""

    def __init__(self, connection: Connection, *, write: bool) -> None:
        self.source = Source(connection, write=write)
        self.inbox = Inbox(Path(connection.outputs["mail"])) if "mail" in connection.outputs else None
        self.watch = Watch(self.source, self.inbox)
        self.pictures = Pictures(self.source)
        self.region = connection.session.region_name or ""
        self.endpoint = (connection.endpoint or "").removeprefix("http://")

    @property
    def write(self) -> bool:
        return self.source.write

    @property
    def local(self) -> bool:
        return self.source.local

    @property
    def account(self) -> str:
        """The number of the account, as the state machine's ARN has it."""
        return self.source.pipeline.machine.split(":")[4]


def console_of(request: Request) -> WebConsole:
    """Return the console that a request was sent to."""
    console: WebConsole = request.app.state.console
    return console
