"""Sending a letter through Amazon SES: text and HTML, with the photo inside."""

from typing import Any

from imagelabels_shared.aws import aws_call, client
from send_digest.environment import SesEnvironment
from send_digest.mails import Letter
from send_digest.page import PICTURE_ID, page
from send_digest.picture import picture

FAILED = "FAILED"


def send(letter: Letter) -> None:
    """Mail a letter to the owners or, about failures, to the operators. Raises what `aws_call` raises."""
    failures = letter.reports[0]["outcome"] == FAILED
    environment = SesEnvironment.from_environ()
    recipient = environment.operators_email if failures else environment.report_email
    content = {"Simple": _simple(letter)}
    with aws_call("ses:SendEmail", f"identity/{environment.report_sender}"):
        client("sesv2").send_email(
            FromEmailAddress=f"Image Labels <{environment.report_sender}>",
            Destination={"ToAddresses": [recipient]},
            Content=content,
        )


def _simple(letter: Letter) -> dict[str, Any]:
    photo = picture(letter.reports[0]) if letter.pictured else None
    html = page(letter, pictured=photo is not None)
    return {
        "Subject": _utf8(letter.subject),
        "Body": {"Text": _utf8(letter.text), "Html": _utf8(html)},
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
