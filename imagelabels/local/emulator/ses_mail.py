import base64
import json
import mailbox
from email.message import EmailMessage, MIMEPart
from email.utils import formatdate, make_msgid
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ministack.services import ses_v2

# The path of SendEmail.
SEND_EMAIL = "/outbound-emails"


def apply(folder: Path) -> None:
    """Write each mail that SES accepts to the Maildir `folder`, attachments included.

    AWS: SES sends the mail.
    The emulator: it keeps the request in memory.
    Source: docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
    """
    maildir = mailbox.Maildir(folder)
    handle = ses_v2.handle_request

    async def handle_with_mail(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        response = await handle(method, path, headers, body, query)
        if (method, response[0]) == ("POST", HTTPStatus.OK) and path.endswith(SEND_EMAIL):
            maildir.add(compose(json.loads(body)))
        return response

    ses_v2.handle_request = handle_with_mail


def compose(request: dict[str, Any]) -> EmailMessage:
    """Return the mail of a SendEmail request with Simple content, as SES sends it (RFC 5322)."""
    simple = request["Content"]["Simple"]
    message = EmailMessage()
    message["From"] = request["FromEmailAddress"]
    message["To"] = ", ".join(request["Destination"]["ToAddresses"])
    message["Subject"] = simple["Subject"]["Data"]
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain="ses.local")
    for header in simple.get("Headers", []):
        message[header["Name"]] = header["Value"]
    message.set_content(simple["Body"]["Text"]["Data"])
    if "Html" in simple["Body"]:
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
