"""What the page of operations shows: dead letters, and the findings of the doctor."""

from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from imagelabels.console.rows import age
from imagelabels.console.source import Source
from imagelabels.errors import UserError
from imagelabels.operations import dead_letters as letters
from imagelabels.operations.doctor.checks import checks

MOST_LETTERS = 50
# As `imagelabels doctor` does it.
TEST_SECONDS = 60


class Letter(NamedTuple):
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


def dead_letters(source: Source) -> list[Letter]:
    """Return the dead letters, at most MOST_LETTERS; they stay where they are."""
    return [_shown(one) for one in islice(letters.listed(source.stack), MOST_LETTERS)]


def _shown(one: letters.DeadLetter) -> Letter:
    sent = datetime.fromisoformat(one.sent)
    return Letter(one.id, one.queue, one.kind, one.about, one.reason or "no reason was given", age(_since(sent)))


def _since(sent: datetime) -> float:
    return (datetime.now(UTC) - sent).total_seconds()


def send_back(source: Source, name: str) -> None:
    """Send one dead letter to where it was going; raises UserError for one that is gone or that nobody can read."""
    letter = next((one for one in letters.listed(source.stack) if one.id == name), None)
    if letter is None:
        raise UserError("This message is gone already.")
    if not letters.send_back(source.stack, letter):
        raise UserError("Nobody can read this message, so nothing knows where it was going.")


def doctor(source: Source, *, photo: bool) -> list[Check]:
    """Return the doctor's findings; with `photo` a test photo goes through, whose report is mailed."""
    results = (check(source.stack) for check in checks(TEST_SECONDS if photo else None))
    return [Check(*one) for found in results for one in found]
