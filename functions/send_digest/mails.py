"""The mails of a batch: owners get labels and rejections, operators get failures; many reports share a digest."""

from collections.abc import Iterator
from itertools import chain, product
from typing import NamedTuple

from imagelabels_shared.models import Outcome, Report
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from send_digest.digest import digests
from send_digest.queued_reports import Message

# Up to this many reports of a batch are mailed one by one, because a report says more than a line of a digest.
FEW = 4
AUDIENCES: tuple[frozenset[Outcome], ...] = (frozenset({"LABELLED", "REJECTED"}), frozenset({"FAILED"}))


class Mail(NamedTuple):
    """One mail about `reports`; `messages` are the ids of the SQS messages with them.

    With `pictured` the mail has a picture of the photo, if it can be drawn.
    """

    subject: str
    text: str
    reports: list[Report]
    messages: list[str]
    pictured: bool = False


def mails(messages: list[Message]) -> Iterator[Mail]:
    """Yield the mails. Messages that failed before are apart from new ones, so that these do not fail with them."""
    for audience, again in product(AUDIENCES, (False, True)):
        some = [message for message in messages if message.report["outcome"] in audience and message.again == again]
        yield from map(_alone, some) if len(some) <= FEW else _together(some)


def _alone(message: Message) -> Mail:
    report = message.report
    # In the attempt before, drawing the picture may have taken the time of the whole batch.
    pictured = "answer" in report and not message.again
    return Mail(title(report), text(report), [report], message.ids, pictured)


def _together(messages: list[Message]) -> Iterator[Mail]:
    ids = {message.report["execution"]: message.ids for message in messages}
    for part in digests([message.report for message in messages]):
        owned = chain.from_iterable(ids[report["execution"]] for report in part.reports)
        yield Mail(part.subject, part.text, part.reports, list(owned))
