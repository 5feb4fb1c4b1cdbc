"""SendDigest: mail the reports in the queue, a few of them one by one and many as a digest."""

import time
from collections.abc import Callable
from typing import Any

from imagelabels_shared.models import Report
from imagelabels_shared.observability import logged, logger
from send_digest import phone, sns_mail
from send_digest.environment import SesSender, technical_for_owners
from send_digest.mails import Mail, mails
from send_digest.queued_reports import read

# SNS suspends a mailbox that gets more than ten messages a second (docs.aws.amazon.com/sns, email notifications). At
# most two of these functions run at a time (infra/reports.py), so each sends at most three within any second.
PAUSE_SECONDS = 0.5
# A picture: reading the photo from S3, and five seconds to draw it (send_digest/picture.py). A mail: SES's answer, and
# the pause.
PICTURE_SECONDS, MAIL_SECONDS = 8, 2


@logged
def handler(event: Any, context: Any) -> dict[str, Any]:
    """Return the messages that could not be mailed; SQS delivers only those again."""
    messages, unreadable = read(event["Records"])
    failed, mailed = [*unreadable], list[Report]()
    every = list(mails(messages, technical=technical_for_owners()))
    for number, mail in enumerate(every):
        pictured = mail.pictured and _time_for_a_picture(context, mails_left=len(every) - number)
        unsent = _unsent(mail._replace(pictured=pictured))
        failed += unsent
        mailed += [] if unsent else mail.reports
        time.sleep(PAUSE_SECONDS)
    phone.tell(mailed)
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}


def _time_for_a_picture(context: Any, *, mails_left: int) -> bool:
    """Return whether a picture that takes the longest time leaves enough time to send all mails before the timeout."""
    seconds: float = context.get_remaining_time_in_millis() / 1000
    return seconds > PICTURE_SECONDS + mails_left * MAIL_SECONDS


def _sender() -> Callable[[Mail], None]:
    """Return the function that sends a mail: through SES when the stack has a sender, otherwise through SNS."""
    if not SesSender.is_set():
        return sns_mail.send
    from send_digest import ses_mail  # noqa: PLC0415  # its libraries are in layers that the function has with a sender only

    return ses_mail.send


def _unsent(mail: Mail) -> list[str]:
    """Send a mail; return the messages that must be delivered again: none, or all messages of a mail that failed."""
    try:
        _sender()(mail)
    except Exception:  # noqa: BLE001  # the other mails must still be sent
        logger().exception("Mail failed", photos=len(mail.reports))
        return mail.messages
    logger().info("Mail sent", photos=len(mail.reports), subject=mail.subject)
    return []
