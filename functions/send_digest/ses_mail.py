"""Sending a mail through Amazon SES: text and HTML, with the photo attached."""

from typing import Any
from urllib.parse import quote

from imagelabels_shared.aws import aws_call, client
from send_digest.environment import SesEnvironment
from send_digest.mails import Mail
from send_digest.page import PICTURE_ID, page
from send_digest.picture import picture

FAILED = "FAILED"
# What follows is a signature, which mail programs show apart (RFC 3676, section 4.3).
SIGNATURE = "-- "
STOP = "To change or stop these mails, write to"
STOP_SUBJECT = "Change or stop the mails of Image Labels"
EXECUTION_HEADER = "X-Image-Labels-Execution"


def send(mail: Mail) -> None:
    """Send a mail to the owners or, about failures, to the operators. Raises what `aws_call` raises."""
    failures = mail.reports[0]["outcome"] == FAILED
    environment = SesEnvironment.from_environ()
    recipients = environment.operators_email if failures else environment.report_email
    content = {"Simple": _simple(mail, contact(environment))}
    with aws_call("ses:SendEmail", f"identity/{environment.report_sender}"):
        client("sesv2").send_email(
            FromEmailAddress=f"Image Labels <{environment.report_sender}>",
            Destination={"ToAddresses": recipients.split(",")},
            Content=content,
        )


def contact(environment: SesEnvironment) -> str:
    """Return the address that a recipient can write to: an operator who is not an owner, else the sender."""
    owners = environment.report_email.split(",")
    operators = environment.operators_email.split(",")
    return next((one for one in operators if one not in owners), environment.report_sender)


def _simple(mail: Mail, address: str) -> dict[str, Any]:
    photo = picture(mail.reports[0]) if mail.pictured else None
    stop = f"mailto:{quote(address, safe='@')}?subject={quote(STOP_SUBJECT)}"
    html = page(mail, pictured=photo is not None, stop=stop)
    text = f"{mail.text}\n{SIGNATURE}\n{STOP} {address}\n"
    return {
        "Subject": _utf8(mail.subject),
        "Body": {"Text": _utf8(text), "Html": _utf8(html)},
        "Attachments": [_inline(photo)] if photo else [],
        "Headers": _headers(mail, stop),
    }


def _headers(mail: Mail, stop: str) -> list[dict[str, str]]:
    headers = {"List-Unsubscribe": f"<{stop}>"}
    # A person may name an execution with letters that a header must not have (MessageHeader of SES API v2).
    if mail.execution.isascii() and mail.execution.isprintable() and mail.execution:
        headers[EXECUTION_HEADER] = mail.execution
    return [{"Name": name, "Value": value} for name, value in headers.items()]


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _inline(photo: bytes) -> dict[str, Any]:
    return {
        "RawContent": photo,
        "FileName": "photo.jpg",
        "ContentType": "image/jpeg",
        "ContentDisposition": "INLINE",
        "ContentId": PICTURE_ID,
        "ContentTransferEncoding": "BASE64",
    }
