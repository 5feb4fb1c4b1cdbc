"""The photos that an operator selects to run again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from imagelabels.errors import WrongUsageError
from imagelabels.reprocess.photo import newest_version
from imagelabels.search.label_index import LabelIndex
from imagelabels.stack.bulk_reads import EndedExecution, ended, keys_of, labelled_at
from imagelabels.stack.connection import Stack
from imagelabels.stack.executions import REJECTED, UNSUCCESSFUL
from imagelabels.stack.spelling import spellings

Outcome = Literal["failed", "rejected"]


@dataclass(frozen=True)
class Criteria:
    """What a photo must meet, all of it. `prefix` "" is every photo; `before` is when its last run ended."""

    prefix: str | None = None
    label: str | None = None
    outcome: Outcome | None = None
    error: str | None = None
    before: datetime | None = None

    @property
    def by_execution(self) -> bool:
        return bool(self.outcome or self.error)


@dataclass(frozen=True)
class Rerun:
    """A photo to run again, with the input for its execution; `at` is when it was labelled or its last run ended."""

    key: str
    input: str
    at: datetime | None


def select(stack: Stack, criteria: Criteria) -> list[Rerun]:
    """Return the photos, each once, in order of their keys; raises UserError for criteria that ask for nothing."""
    if criteria == Criteria():
        raise WrongUsageError("Name a photo, or select photos with --prefix, --label, --outcome, --error or --before.")
    selected = {rerun.key: rerun for rerun in _candidates(stack, criteria) if _meets(rerun, criteria)}
    if criteria.by_execution and criteria.label:
        labelled = {rerun.key for rerun in _labelled(stack, criteria.label)}
        selected = {key: rerun for key, rerun in selected.items() if key in labelled}
    return sorted(selected.values(), key=lambda rerun: rerun.key)


def _meets(rerun: Rerun, criteria: Criteria) -> bool:
    early = criteria.before is None or rerun.at is None or rerun.at < criteria.before
    return early and rerun.key.startswith(tuple(spellings(criteria.prefix or "")))


def _candidates(stack: Stack, criteria: Criteria) -> Iterable[Rerun]:
    if criteria.by_execution:
        return _ended(stack, criteria)
    if criteria.label:
        return _labelled(stack, criteria.label)
    return _stored(stack, criteria.prefix or "", dated=criteria.before is not None)


def _stored(stack: Stack, prefix: str, *, dated: bool) -> list[Rerun]:
    keys = list(keys_of(stack, prefix))
    times = labelled_at(stack, keys) if dated else {}
    return [Rerun(key, newest_version(stack, key), times.get(key)) for key in keys]


def _labelled(stack: Stack, label: str) -> Iterator[Rerun]:
    found = LabelIndex(stack.table()).spelled(label)
    _spelled, rows = found or (label, ())
    return (Rerun(row.key, newest_version(stack, row.key), datetime.fromisoformat(row.labelled_at)) for row in rows)


def _ended(stack: Stack, criteria: Criteria) -> list[Rerun]:
    """Return the newest execution of each photo that ended as wanted, unless the photo was labelled after it."""
    statuses = ("SUCCEEDED",) if criteria.outcome == "rejected" else UNSUCCESSFUL
    oldest_first = sorted(ended(stack, statuses), key=lambda execution: execution.at)
    newest = {execution.key: execution for execution in oldest_first if _ended_as(execution, criteria)}
    labelled = labelled_at(stack, list(newest))
    return [
        Rerun(execution.key, newest_version(stack, execution.key), execution.at)
        for execution in newest.values()
        if labelled.get(execution.key, execution.at) <= execution.at
    ]


def _ended_as(execution: EndedExecution, criteria: Criteria) -> bool:
    wanted = {REJECTED} if criteria.outcome == "rejected" else set(UNSUCCESSFUL)
    return execution.outcome in wanted and criteria.error in {None, execution.error}
