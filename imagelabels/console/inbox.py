"""The mails of a local run as their readers would see them: the Maildir that the local engine fills."""

import base64
import mailbox
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from imagelabels.console.cache import FOR_EVER, Cache

MOST_MAILS = 100
MOST_KEPT = 300
EXECUTION = re.compile(r"arn:aws[\w-]*:states:[\w-]+:\d+:execution:[\w-]+:([\w.-]+)")
NAME = re.compile(r"[\w.,=:!@+-]+")


class Mail(NamedTuple):
    """A mail. `text` and `html` are its bodies ("" for none), `executions` the names of those that it tells of."""

    id: str
    subject: str
    sender: str
    recipient: str
    sent: datetime
    text: str
    html: str
    executions: frozenset[str]


class Inbox:
    """Reads each mail once; the newest come first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: Cache[Mail] = Cache(MOST_KEPT)

    def names(self) -> list[str]:
        """Return the names of the newest MOST_MAILS."""
        files = list((self._folder / "new").glob("*")) + list((self._folder / "cur").glob("*"))
        return [file.name for file in sorted(files, key=_age, reverse=True)][:MOST_MAILS]

    def mails(self) -> list[Mail]:
        return [self.mail(name) for name in self.names()]

    def count(self) -> int:
        return len(self.names())

    def mail(self, name: str) -> Mail:
        """Return one mail; raises KeyError for a name that is not in the inbox."""
        if not NAME.fullmatch(name):
            raise KeyError(name)
        return self._read.get(name, lambda: self._parsed(name), lambda _mail: FOR_EVER)

    def about(self, execution: str) -> list[Mail]:
        """Return the mails that tell of an execution, the newest first."""
        return [mail for mail in self.mails() if execution in mail.executions]

    def _parsed(self, name: str) -> Mail:
        maildir = mailbox.Maildir(self._folder, create=False)
        return parsed(name, maildir.get_bytes(name.split(":", maxsplit=1)[0]))


def _age(file: Path) -> tuple[float, str]:
    return file.stat().st_mtime, file.name


def parsed(name: str, source: bytes) -> Mail:
    """Return a mail by its source; its pictures become part of the HTML, so that showing it loads nothing."""
    message = message_from_bytes(source, policy=policy.default)
    text = _body(message, "plain")
    return Mail(
        id=name,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        sent=parsedate_to_datetime(str(message["Date"])),
        text=text,
        html=_with_pictures(message, _body(message, "html")),
        executions=frozenset(EXECUTION.findall(f"{message['X-Image-Labels-Execution'] or ''}\n{text}")),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _with_pictures(message: EmailMessage, html: str) -> str:
    for part in message.walk():
        if (name := part["Content-ID"]) and part.get_content_type() == "image/jpeg":
            picture = base64.b64encode(part.get_payload(decode=True) or b"").decode()  # type: ignore[arg-type]
            html = html.replace(f"cid:{str(name).strip('<>')}", f"data:image/jpeg;base64,{picture}")
    return html
