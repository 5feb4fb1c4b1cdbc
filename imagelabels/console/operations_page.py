"""What the page of operations shows: dead letters, and the findings of reconcile and doctor."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from imagelabels.console.rows import age
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.operations import reconcile
from imagelabels.operations.dead_letters import Letter, letters
from imagelabels.operations.dead_letters import send_back as send
from imagelabels.operations.doctor.intake import notifications, rules
from imagelabels.operations.doctor.messages import queues, subscriptions
from imagelabels.operations.doctor.trial_photo import photo_through

MOST_LETTERS = 50
MOST_FINDINGS = 200
# As `imagelabels reconcile` and `imagelabels doctor` do it.
GRACE, PATIENCE = timedelta(minutes=15), timedelta(hours=24)
TRIAL_SECONDS = 60


class DeadLetter(NamedTuple):
    """A message that could not be delivered or worked through."""

    id: str
    queue: str
    kind: str
    about: str
    reason: str
    age: str


class Check(NamedTuple):
    """One thing that was looked at, and whether it is as it must be."""

    about: str
    says: str
    well: bool


def dead_letters(source: Source) -> list[DeadLetter]:
    """Return the dead letters, at most MOST_LETTERS; they stay where they are."""
    return [_shown(one) for one in islice(letters(source.connection), MOST_LETTERS)]


def _shown(one: Letter) -> DeadLetter:
    sent = datetime.fromisoformat(one.sent)
    return DeadLetter(one.id, one.queue, one.kind, one.about, one.reason or "no reason was given", age(_since(sent)))


def _since(sent: datetime) -> float:
    return (datetime.now(UTC) - sent).total_seconds()


def send_back(source: Source, name: str) -> None:
    """Send one dead letter to where it was going; raises UserError for one that is gone or that nobody can read."""
    letter = next((one for one in letters(source.connection) if one.id == name), None)
    if letter is None:
        raise UserError("This message is gone already.")
    if not send(source.connection, letter):
        raise UserError("Nobody can read this message, so nothing knows where it was going.")


def reconciled(source: Source) -> list[Check]:
    """Return what does not agree, photo by photo; one good line when everything does."""
    every = reconcile.findings(source.connection, grace=GRACE, patience=PATIENCE)
    found = [Check(one.photo, reconcile.MEANS[one.problem], well=False) for one in islice(every, MOST_FINDINGS)]
    return found or [Check("reconcile", "Bucket, table and executions agree", well=True)]


def doctor(source: Source, *, photo: bool) -> list[Check]:
    """Return the doctor's findings; with `photo` a trial photo goes through, whose report is mailed."""
    pipeline = source.pipeline
    found = [*notifications(pipeline), *rules(pipeline), *subscriptions(pipeline)]
    found += photo_through(pipeline, TRIAL_SECONDS) if photo else []
    return [Check(*one) for one in [*found, *queues(pipeline)]]
