"""Who gets what: owners hear of their photos, operators of failures; a few photos are reports, more are a digest."""

from collections.abc import Iterator
from itertools import chain, product
from typing import NamedTuple

from imagelabels_shared.models import Outcome, Report
from imagelabels_shared.report.subject import title
from imagelabels_shared.report.text import text
from send_digest.digest import digests
from send_digest.queued_reports import Message

# So many mails at once are no burden, and each says far more than a line of a digest does.
FEW = 4
AUDIENCES: tuple[frozenset[Outcome], ...] = (frozenset({"LABELLED", "REJECTED"}), frozenset({"FAILED"}))


class Letter(NamedTuple):
    """One mail: `messages` are the ids of what it reports, `reports` the photos in it.

    `pictured`: the photo is shown, if it can be drawn.
    """

    subject: str
    text: str
    reports: list[Report]
    messages: list[str]
    pictured: bool = False


def letters(messages: list[Message]) -> Iterator[Letter]:
    """Yield the mails; what failed before is kept apart, so that it does not fail together with what is new."""
    for audience, again in product(AUDIENCES, (False, True)):
        some = [one for one in messages if one.report["outcome"] in audience and one.again == again]
        yield from map(_alone, some) if len(some) <= FEW else _together(some)


def _alone(message: Message) -> Letter:
    report = message.report
    # It may be the picture that failed, and took the time of the whole batch.
    pictured = "answer" in report and not message.again
    return Letter(title(report), text(report), [report], message.ids, pictured)


def _together(messages: list[Message]) -> Iterator[Letter]:
    ids = {message.report["execution"]: message.ids for message in messages}
    for part in digests([message.report for message in messages]):
        owned = chain.from_iterable(ids[report["execution"]] for report in part.reports)
        yield Letter(part.subject, part.text, part.reports, list(owned))
