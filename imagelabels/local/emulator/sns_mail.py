import json
import mailbox
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

from ministack.services import sns

SENDER = "Image Labels <no-reply@sns.amazonaws.com>"
SMS = "sms"
PROTOCOLS = ("email", "email-json", SMS)
# A mailbox needs an address: the number of the phone, in a domain that is nowhere.
PHONES = "sms.local"


def apply(folder: Path) -> None:
    """Write each mail and each text that SNS sends to the Maildir `folder`.

    AWS: SNS sends a mail to each confirmed subscription of the protocols `email` and `email-json`, and a text to each
    of `sms`.
    The emulator: it only logs them.
    Source: docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
    """
    maildir = mailbox.Maildir(folder)
    fanout = sns._fanout  # noqa: SLF001  # every published message passes through it

    def fanout_with_mail(topic_arn: str, msg_id: str, message: str, subject: str, *rest: Any, **named: Any) -> None:
        fanout(topic_arn, msg_id, message, subject, *rest, **named)
        structure = rest[0] if rest else named.get("message_structure", "")
        attributes = (rest[1] if len(rest) > 1 else named.get("message_attributes")) or {}
        for subscription in _subscriptions(topic_arn):
            body = _body(message, structure, subscription["protocol"])
            if sns._matches_filter_policy(subscription, attributes, body):  # noqa: SLF001
                mail = (
                    _text(subscription, body) if subscription["protocol"] == SMS else _mail(subscription, subject, body)
                )
                mail["X-Amz-Sns-Topic-Arn"] = topic_arn
                _add_execution(mail, attributes)
                maildir.add(mail)

    sns._fanout = fanout_with_mail  # noqa: SLF001


def _mail(subscription: dict[str, Any], subject: str, body: str) -> EmailMessage:
    return compose(subscription["endpoint"], subject or "AWS Notification Message", body)


def _text(subscription: dict[str, Any], body: str) -> EmailMessage:
    """Return a text as a mail to the number of the phone; a text has no subject."""
    return compose(f"{subscription['endpoint']}@{PHONES}", f"Text to {subscription['endpoint']}", body)


def compose(recipient: str, subject: str, body: str) -> EmailMessage:
    """Return the mail as SNS sends it, sender and recipient included (RFC 5322)."""
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain="sns.local")
    message.set_content(body)
    return message


def _add_execution(mail: EmailMessage, attributes: dict[str, dict[str, str]]) -> None:
    """Name the execution that a mail is about, as mail of SES does; SNS's own mail has no attributes."""
    if execution := attributes.get("execution", {}).get("StringValue", ""):
        mail["X-Image-Labels-Execution"] = execution


def _subscriptions(topic_arn: str) -> list[dict[str, Any]]:
    topic = sns._topic_by_arn_any_scope(topic_arn) or {"subscriptions": []}  # noqa: SLF001
    return [subscription for subscription in topic["subscriptions"] if subscription.get("protocol") in PROTOCOLS]


def _body(message: str, structure: str, protocol: str) -> str:
    if structure != "json":
        return message
    bodies = json.loads(message)
    return str(bodies.get(protocol, bodies["default"]))
