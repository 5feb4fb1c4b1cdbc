"""Sending a mail through Amazon SES: text and HTML, with the photo attached."""

from typing import Any

from imagelabels_shared.aws import aws_call, client
from send_digest.environment import SesEnvironment
from send_digest.mails import Mail
from send_digest.page import PICTURE_ID, page
from send_digest.picture import picture

FAILED = "FAILED"


def send(mail: Mail) -> None:
    """Send a mail to the owners or, about failures, to the operators. Raises what `aws_call` raises."""
    failures = mail.reports[0]["outcome"] == FAILED
    environment = SesEnvironment.from_environ()
    recipients = environment.operators_email if failures else environment.report_email
    content = {"Simple": _simple(mail)}
    with aws_call("ses:SendEmail", f"identity/{environment.report_sender}"):
        client("sesv2").send_email(
            FromEmailAddress=f"Image Labels <{environment.report_sender}>",
            Destination={"ToAddresses": recipients.split(",")},
            Content=content,
        )


def _simple(mail: Mail) -> dict[str, Any]:
    photo = picture(mail.reports[0]) if mail.pictured else None
    html = page(mail, pictured=photo is not None)
    return {
        "Subject": _utf8(mail.subject),
        "Body": {"Text": _utf8(mail.text), "Html": _utf8(html)},
        "Attachments": [_inline(photo)] if photo else [],
    }


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
