"""SendDigest: mail what the queue has gathered, a few photos as their own reports and many as a digest."""

import time
from collections.abc import Callable
from typing import Any

from imagelabels_shared.observability import count, logger, metrics
from send_digest.environment import SesEnvironment
from send_digest.mails import Letter, letters
from send_digest.queued_reports import read
from send_digest.sns_mail import post

# SNS suspends a mailbox that gets more than ten messages a second (docs.aws.amazon.com/sns, email notifications). At
# most two of these functions run at a time (infra/reports.py), so each sends at most three within any second.
PAUSE_SECONDS = 0.5
# A picture: the photo from S3, five seconds to draw it (send_digest/picture.py). A letter: SES's answer and the pause.
PICTURE_SECONDS, LETTER_SECONDS = 8, 2


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Return the messages that could not be mailed; SQS hands out those alone again, and at last gives them up."""
    observed = metrics().log_metrics(logger().inject_lambda_context(_batch, clear_state=True))
    answer: dict[str, Any] = observed(event, context)
    return answer


def _batch(event: dict[str, Any], context: Any) -> dict[str, Any]:
    messages, unreadable = read(event["Records"])
    failed = [*unreadable]
    count("MessagesUnreadable", len(unreadable))
    every = list(letters(messages))
    for number, letter in enumerate(every):
        pictured = letter.pictured and _time_for_a_picture(context, letters_left=len(every) - number)
        failed += _sent(letter._replace(pictured=pictured))
        time.sleep(PAUSE_SECONDS)
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _time_for_a_picture(context: Any, *, letters_left: int) -> bool:
    """Whether all letters go out before the function's timeout, though this one's picture takes as long as it may."""
    seconds: float = context.get_remaining_time_in_millis() / 1000
    return seconds > PICTURE_SECONDS + letters_left * LETTER_SECONDS


def _way() -> Callable[[Letter], None]:
    """Return how letters go out: through SES when there is a sender, otherwise through SNS."""
    if not SesEnvironment.is_set():
        return post
    from send_digest.ses_mail import send  # noqa: PLC0415  # its libraries are in layers that only a sender brings

    return send


def _sent(letter: Letter) -> list[str]:
    """Post a letter and return the messages that must come again: none, or all that it was made of."""
    try:
        _way()(letter)
    except Exception:  # noqa: BLE001  # whatever it is, the other letters must still go out
        logger().exception("Mail failed", photos=len(letter.reports))
        count("MailsFailed")
        return letter.messages
    count("MailsSent")
    logger().info("Mail sent", photos=len(letter.reports), subject=letter.subject)
    return []
