"""A run of `imagelabels run`: it starts the stack, uploads photos, and shows their progress and each mail."""

import mailbox
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

from rich.console import Console

from imagelabels.console.serve import LOOPBACK, beside, serving
from imagelabels.console.web_console import WebConsole
from imagelabels.deploy.settings import parsed
from imagelabels.local.engine import SETTINGS, Engine, running
from imagelabels.paths import HOME
from imagelabels.stack import photos
from imagelabels.stack.connection import Stack
from imagelabels.stack.follow import Follower, pause, unsent_reports
from imagelabels.terminal.progress import Lines, view_on
from imagelabels.words import counted

MAIL_SECONDS = 30
EXPECTED_OUTCOMES = {"LABELLED", "REJECTED"}
# The environment variables of the local account for any AWS tool, and the field of the outputs with each.
VARIABLES = {"AWS_ACCESS_KEY_ID": "accessKeyId", "AWS_SECRET_ACCESS_KEY": "secretAccessKey"}
# On this machine mail is HTML with the photo, as of a stack that has an address of its own to send from.
MAILS_AS_HTML = {"reportSender": "labels@example.com"}


def run(files: dict[str, Path], console: Console, *, once: bool, port: int, mails: bool, home: Path = HOME) -> int:
    """Label `files` (by key) locally and return the exit code: 0 when each ended LABELLED or REJECTED, else 1.

    Without `once` the stack runs until Ctrl-C. On a terminal a mail is a line with its subject, with `mails` the whole
    mail, as elsewhere. Raises UserError, in one sentence, when it cannot start.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    listener = beside(port)
    with (
        view_on(console, whole_mails=mails) as view,
        running(port, home, say=view.step, context=_settings(listener)) as engine,
        _page(engine, listener) as page,
    ):
        view.step("")
        view.fact(f"Console: {page}")
        view.fact(f"AWS endpoint: {engine.endpoint}")
        for name, field in VARIABLES.items():
            view.fact(f"export {name}={engine.outputs[field]}")
        session = _Session(engine, view)
        keys = session.upload(files)
        session.follow(keys)
        outcomes = session.follower.outcomes(keys)
        if once:
            view.fact(
                f"The stack stops; links of mails need a run without ONCE=1. Mails are in {engine.outputs['mail']}."
            )
        else:
            view.stays_up(page)
            session.follow_until_stopped()
            view.step("Stopping ...")
        return 0 if set(outcomes.values()) <= EXPECTED_OUTCOMES else 1


def _settings(listener: socket.socket) -> dict[str, str]:
    """Return the settings of the stack: those in SETTINGS, mail as HTML, and the console that reports link to."""
    console = {"consoleUrl": f"http://{LOOPBACK}:{listener.getsockname()[1]}"}
    return MAILS_AS_HTML | parsed(os.environ.get(SETTINGS, "")) | console


def _page(engine: Engine, listener: socket.socket) -> AbstractContextManager[str]:
    """Serve the console of a local stack; the block gets its address."""
    return serving(WebConsole(Stack(engine.session, engine.outputs, engine.endpoint), write=True), listener)


class _Session:
    def __init__(self, engine: Engine, view: Lines) -> None:
        self._view = view
        self._stack = Stack(engine.session, engine.outputs, engine.endpoint)
        self._mail = mailbox.Maildir(engine.outputs["mail"])
        self._printed: set[str] = set()
        self.follower = Follower(self._stack)

    def upload(self, files: dict[str, Path]) -> set[str]:
        """Upload files under the stack's prefix; return the keys."""
        keys = {f"{self._stack.prefix}{key}": file for key, file in files.items()}
        for key, file in keys.items():
            photos.upload(self._stack, file, key)
            self._view.uploaded(key)
        self._view.note(f"Uploaded {counted(len(files), 'photo')} to {self._stack.bucket}")
        return set(keys)

    def follow(self, keys: set[str]) -> None:
        """Show the photos' progress until each execution has ended and the mail was sent."""
        while self.follower.pending(keys):
            self._update()
            pause()
        self._await_mail()

    def _await_mail(self) -> None:
        """Show the mail of the reports that are still in the queue; wait MAIL_SECONDS at most."""
        deadline = time.monotonic() + MAIL_SECONDS
        while unsent_reports(self._stack) and time.monotonic() < deadline:
            self._update()
            pause()
        self._update()

    def follow_until_stopped(self) -> None:
        """Show executions and mail until Ctrl-C."""
        try:
            while True:
                self._update()
                pause()
        except KeyboardInterrupt:
            return

    def _update(self) -> None:
        self._view.executions(self.follower.look(), self.follower.seen.values())
        for message in self._new_mail():
            self._view.mail(message)

    def _new_mail(self) -> Iterator[Message]:
        for name in sorted(set(self._mail.keys()) - self._printed):
            self._printed.add(name)
            yield message_from_bytes(self._mail.get_bytes(name), policy=policy.default)
