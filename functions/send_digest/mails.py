"""The mails of a batch: owners get labels and rejections, operators get failures; many reports share a digest."""

from collections.abc import Iterator
from itertools import chain, product
from typing import NamedTuple

from imagelabels_shared.models import Outcome, Report
from imagelabels_shared.report.doctor import is_test
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from send_digest.digest import digests
from send_digest.queued_reports import Message

# Up to this many reports of a batch are mailed one by one, because a report says more than a line of a digest.
FEW = 4
OPERATORS: frozenset[Outcome] = frozenset({"FAILED"})
AUDIENCES: tuple[frozenset[Outcome], ...] = (frozenset({"LABELLED", "REJECTED"}), OPERATORS)


class Mail(NamedTuple):
    """One mail about `reports`; `messages` are the ids of the SQS messages with them.

    With `pictured` the mail has a picture of the photo, if it can be drawn; with `technical` it has the lines for who
    operates the stack.
    """

    subject: str
    text: str
    reports: list[Report]
    messages: list[str]
    technical: bool
    pictured: bool = False

    @property
    def execution(self) -> str:
        """The ARN of the execution that the mail is about, "" for a digest."""
        return self.reports[0]["execution"] if len(self.reports) == 1 else ""


def mails(messages: list[Message], *, technical: bool) -> Iterator[Mail]:
    """Yield the mails. Messages that failed before are apart from new ones, so that these do not fail with them.

    With `technical` owners get the technical lines, too, which operators always get.
    """
    for audience, again in product(AUDIENCES, (False, True)):
        some = [message for message in messages if message.report["outcome"] in audience and message.again == again]
        detailed = technical or audience == OPERATORS
        alone = (_alone(message, technical=detailed) for message in some)
        yield from alone if len(some) <= FEW else _together(some, technical=detailed)


def _alone(message: Message, *, technical: bool) -> Mail:
    report = message.report
    # In the attempt before, drawing the picture may have taken the time of the whole batch.
    pictured = "answer" in report and not message.again and not is_test(report)
    return Mail(title(report), text(report, technical=technical), [report], message.ids, technical, pictured)


def _together(messages: list[Message], *, technical: bool) -> Iterator[Mail]:
    ids = {message.report["execution"]: message.ids for message in messages}
    for part in digests([message.report for message in messages], technical=technical):
        owned = chain.from_iterable(ids[report["execution"]] for report in part.reports)
        yield Mail(part.subject, part.text, part.reports, list(owned), technical)
