"""What `imagelabels reconcile --fix` does, for what the page showed and no more: count and cost first."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from imagelabels.console.source import Source
from imagelabels.operations import reconciliation
from imagelabels.operations.reconciliation import HANGING, MEANS, STARTED, Disagreement
from imagelabels.reprocess.price import dollars_of

MOST_FINDINGS = 200
# As `imagelabels reconcile` does it.
GRACE, PATIENCE = timedelta(minutes=15), timedelta(hours=24)


class Finding(NamedTuple):
    """A photo on which bucket, table and executions do not agree; `id` tells it again in a later comparison."""

    id: str
    about: str
    says: str
    well: bool = False


AGREES = Finding("", "reconcile", "Bucket, table and executions agree", well=True)


class Comparison(NamedTuple):
    """The findings, and what mending them does. `more` says that there are others behind them."""

    findings: list[Finding]
    more: bool
    ids: list[str]
    starts: int
    dollars: float
    removals: int
    judged: int


def compared(source: Source) -> Comparison:
    """Compare bucket, table and executions; nothing is changed."""
    every = list(islice(_disagreements(source), MOST_FINDINGS + 1))
    found = every[:MOST_FINDINGS]
    starts = sum(one.problem in STARTED for one in found)
    judged = sum(one.problem == HANGING for one in found)
    return Comparison(
        findings=[Finding(_id(one), one.photo, MEANS[one.problem]) for one in found] or [AGREES],
        more=len(every) > MOST_FINDINGS,
        ids=[_id(one) for one in found if one.problem != HANGING],
        starts=starts,
        dollars=dollars_of(source.stack, starts),
        removals=len(found) - starts - judged,
        judged=judged,
    )


def mend(source: Source, ids: Iterable[str]) -> list[Finding]:
    """Compare again, and fix the findings with these ids that are still there; return them."""
    wanted = set(ids)
    found = [one for one in _disagreements(source) if _id(one) in wanted]
    fixed = [_fixed(one) for one in found if reconciliation.fix(source.stack, one)]
    return fixed or [Finding("", "reconcile", "Nothing of it is left to mend", well=True)]


def _fixed(one: Disagreement) -> Finding:
    did = "an execution was started" if one.problem in STARTED else "its labels are being removed"
    return Finding(_id(one), one.photo, f"{MEANS[one.problem]}: {did}", well=True)


def _disagreements(source: Source) -> Iterable[Disagreement]:
    return reconciliation.disagreements(source.stack, grace=GRACE, patience=PATIENCE)


def _id(one: Disagreement) -> str:
    text = f"{one.photo}\n{one.problem}\n{one.version}\n{one.execution}"
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:24]
