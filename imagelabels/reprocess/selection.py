"""Which photos an operator wants to run again."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from imagelabels.errors import UserError
from imagelabels.search.label_index import LabelIndex
from imagelabels.spelling import spellings
from imagelabels.stack.bulk_reads import Ended, ended, keys_of, labelled_at
from imagelabels.stack.pipeline import RED, Pipeline

Outcome = Literal["failed", "rejected"]


@dataclass(frozen=True)
class Wanted:
    """What a photo must meet, all of it; `prefix` "" is every photo, `before` when it was labelled or its run ended."""

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
    """A photo to run again, with the input of its execution; `at` is when it was labelled or its execution ended."""

    key: str
    input: str
    at: datetime | None


def select(pipeline: Pipeline, wanted: Wanted) -> list[Rerun]:
    """Return the photos, each once, in order of their keys; raises UserError when nothing is asked for."""
    if wanted == Wanted():
        raise UserError("Name a photo, or select photos with --prefix, --label, --outcome, --error or --before.")
    found = {one.key: one for one in _candidates(pipeline, wanted) if _meets(one, wanted)}
    if wanted.by_execution and wanted.label:
        shown = {one.key for one in _labelled(pipeline, wanted.label)}
        found = {key: one for key, one in found.items() if key in shown}
    return sorted(found.values(), key=lambda one: one.key)


def _meets(one: Rerun, wanted: Wanted) -> bool:
    early = wanted.before is None or one.at is None or one.at < wanted.before
    return early and one.key.startswith(wanted.prefix or "")


def _candidates(pipeline: Pipeline, wanted: Wanted) -> Iterable[Rerun]:
    if wanted.by_execution:
        return _ended(pipeline, wanted)
    if wanted.label:
        return _labelled(pipeline, wanted.label)
    return _stored(pipeline, wanted.prefix or "", dated=wanted.before is not None)


def _stored(pipeline: Pipeline, prefix: str, *, dated: bool) -> list[Rerun]:
    keys = list(keys_of(pipeline, prefix))
    times = labelled_at(pipeline, keys) if dated else {}
    return [Rerun(key, _typed(pipeline, key), times.get(key)) for key in keys]


def _labelled(pipeline: Pipeline, label: str) -> Iterator[Rerun]:
    index = LabelIndex(pipeline.connection.table())
    rows = next((found for name in spellings(label) if (found := list(index.photos(name)))), [])
    return (Rerun(row.key, _typed(pipeline, row.key), datetime.fromisoformat(row.labelled_at)) for row in rows)


def _ended(pipeline: Pipeline, wanted: Wanted) -> list[Rerun]:
    """Executions that ended as wanted, the newest of each photo, unless the photo was labelled since."""
    statuses = ("SUCCEEDED",) if wanted.outcome == "rejected" else RED
    every = sorted(ended(pipeline, statuses), key=lambda one: one.at)
    found = {one.key: one for one in every if _ended_as(one, wanted)}
    labelled = labelled_at(pipeline, list(found))
    return [Rerun(*one[:3]) for one in found.values() if labelled.get(one.key, one.at) <= one.at]


def _ended_as(one: Ended, wanted: Wanted) -> bool:
    right = one.outcome == "REJECTED" if wanted.outcome == "rejected" else one.outcome in RED
    return right and wanted.error in {None, one.error}


def _typed(pipeline: Pipeline, key: str) -> str:
    return json.dumps({"bucket": pipeline.bucket, "key": key}, ensure_ascii=False)
