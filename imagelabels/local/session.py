"""A run of `imagelabels run`: it starts the stack, uploads photos, and prints their progress and each mail."""

import mailbox
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

from rich.console import Console
from rich.live import Live

from imagelabels.console.serve import LOOPBACK, beside, serving
from imagelabels.console.web_console import WebConsole
from imagelabels.local.engine import Engine, running
from imagelabels.paths import HOME
from imagelabels.stack import photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.follow import Follower, pause, unsent_reports
from imagelabels.terminal import tables

MAIL_SECONDS = 30
EXPECTED_OUTCOMES = {"LABELLED", "REJECTED"}
# The environment variables of the local account for any AWS tool, and the field of the outputs with each.
VARIABLES = {"AWS_ACCESS_KEY_ID": "accessKeyId", "AWS_SECRET_ACCESS_KEY": "secretAccessKey"}


def run(files: dict[str, Path], console: Console, *, once: bool, port: int, home: Path = HOME) -> int:
    """Label `files` (by key) locally and return the exit code: 0 when each ended LABELLED or REJECTED, else 1.

    Without `once` the stack runs until Ctrl-C. Raises UserError, in one sentence, when it cannot start.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    listener = beside(port)
    with (
        running(port, home, say=lambda line: console.print(line, style="dim"), context=_linked(listener)) as engine,
        _page(engine, listener) as page,
    ):
        console.print(f"Console: {page}", markup=False, highlight=False)
        console.print(f"AWS endpoint: {engine.endpoint}", markup=False, highlight=False)
        for name, field in VARIABLES.items():
            console.print(f"export {name}={engine.outputs[field]}", markup=False, highlight=False, soft_wrap=True)
        session = _Session(engine, console)
        keys = session.upload(files)
        session.follow(keys)
        outcomes = session.follower.outcomes(keys)
        if not once:
            session.follow_until_stopped(page)
        return 0 if set(outcomes.values()) <= EXPECTED_OUTCOMES else 1


def _linked(listener: socket.socket) -> dict[str, str]:
    """Return the setting by which the links of reports lead to the console."""
    return {"consoleUrl": f"http://{LOOPBACK}:{listener.getsockname()[1]}"}


def _page(engine: Engine, listener: socket.socket) -> AbstractContextManager[str]:
    """Serve the console of a local stack; the block gets its address."""
    return serving(WebConsole(Stack(engine.session, engine.outputs, engine.endpoint), write=True), listener)


class _Session:
    def __init__(self, engine: Engine, console: Console) -> None:
        self._console = console
        self._stack = Stack(engine.session, engine.outputs, engine.endpoint)
        self._mail = mailbox.Maildir(engine.outputs["mail"])
        self._printed: set[str] = set()
        self.follower = Follower(self._stack)

    def upload(self, files: dict[str, Path]) -> set[str]:
        """Upload files under the stack's prefix; return the keys."""
        keys = {f"{self._stack.prefix}{key}": file for key, file in files.items()}
        for key, file in keys.items():
            photos.upload(self._stack, file, key)
        self._console.print(f"Uploaded {len(files)} photo(s) to {self._stack.bucket}", style="dim", markup=False)
        return set(keys)

    def follow(self, keys: set[str]) -> None:
        """Show the photos' progress until each execution has ended and the mail was sent."""
        with _live(self._console) as live:
            while self.follower.pending(keys):
                self._update(live)
                pause()
            self._await_mail(live)

    def _await_mail(self, live: Live | None) -> None:
        """Print the mail of the reports that are still in the queue; wait MAIL_SECONDS at most."""
        deadline = time.monotonic() + MAIL_SECONDS
        while unsent_reports(self._stack) and time.monotonic() < deadline:
            self._update(live)
            pause()
        self._update(live)

    def follow_until_stopped(self, page: str) -> None:
        """Print executions and mail until Ctrl-C."""
        self._console.print("\nStill up: in another terminal try `.venv/bin/imagelabels --help`. Ctrl-C stops it all.")
        self._console.print(f"Console: {page}", markup=False, highlight=False)
        try:
            while True:
                self._update(None)
                pause()
        except KeyboardInterrupt:
            self._console.print("Stopping ...", style="dim")

    def _update(self, live: Live | None) -> None:
        changed = self.follower.look()
        if live is not None:
            live.update(tables.table(self.follower.seen.values()))
        else:
            for execution in changed:
                self._console.print(tables.line(execution), markup=False, highlight=False, soft_wrap=True)
        for message in self._new_mail():
            tables.mail(self._console, message)

    def _new_mail(self) -> Iterator[Message]:
        for name in sorted(set(self._mail.keys()) - self._printed):
            self._printed.add(name)
            yield message_from_bytes(self._mail.get_bytes(name), policy=policy.default)


@contextmanager
def _live(console: Console) -> Iterator[Live | None]:
    """Yield a table that is redrawn on a terminal; None elsewhere, where lines are printed instead."""
    if not console.is_terminal:
        yield None
        return
    with Live(tables.table([]), console=console, refresh_per_second=8) as live:
        yield live
