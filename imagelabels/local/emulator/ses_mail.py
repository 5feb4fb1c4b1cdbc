"""Mail that Amazon SES would send, as RFC 5322 messages in a Maildir."""

import base64
import json
import mailbox
from email.message import EmailMessage, MIMEPart
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from typing import Any

from ministack.core import iam_actions
from ministack.services import ses_v2

SEND = "/outbound-emails"
ACCEPTED = 200


def deliver_to(folder: Path) -> None:
    """Make the emulator's SES put each mail that it accepts into the Maildir `folder`, attachments included."""
    maildir = mailbox.Maildir(folder)
    handle = ses_v2.handle_request

    async def handle_with_mail(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        answer = await handle(method, path, headers, body, query)
        if (method, answer[0]) == ("POST", ACCEPTED) and path.endswith(SEND):
            maildir.add(compose(json.loads(body)))
        return answer

    ses_v2.handle_request = handle_with_mail


def name_identities() -> None:
    """Check SendEmail against the sender's identity, as IAM does; the emulator takes `*`."""
    plain = iam_actions._ses_v2_resource_arn  # noqa: SLF001  # the one place where the resource is found

    def with_sender(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if method == "POST" and path.endswith(SEND):
            _name, address = parseaddr(json.loads(body)["FromEmailAddress"])
            return f"arn:aws:ses:{region}:{account}:identity/{address}"
        return str(plain(method, path, body, region, account))

    iam_actions._ses_v2_resource_arn = with_sender  # noqa: SLF001


def compose(request: dict[str, Any]) -> EmailMessage:
    """Write what SendEmail was asked to send, a Simple message, as SES does."""
    simple = request["Content"]["Simple"]
    message = EmailMessage()
    message["From"] = request["FromEmailAddress"]
    message["To"] = ", ".join(request["Destination"]["ToAddresses"])
    message["Subject"] = simple["Subject"]["Data"]
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain="ses.local")
    message.set_content(simple["Body"]["Text"]["Data"])
    message.add_alternative(simple["Body"]["Html"]["Data"], subtype="html")
    html = message.get_body(("html",))
    for attachment in simple.get("Attachments", []):
        _attach(html, attachment)
    return message


def _attach(html: MIMEPart | None, attachment: dict[str, str]) -> None:
    maintype, subtype = attachment["ContentType"].split("/")
    if html is not None:
        html.add_related(
            base64.b64decode(attachment["RawContent"]),
            maintype,
            subtype,
            cid=f"<{attachment['ContentId']}>",
            disposition=attachment["ContentDisposition"].lower(),
            filename=attachment["FileName"],
        )
