"""The photos that a query finds: each label is read from the index, and the sets are combined in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from imagelabels.errors import WrongUsageError
from imagelabels.search.label_index import LabelIndex, Row
from imagelabels.search.query import And, Label, Not, Or, Query
from imagelabels_shared.models import CUSTOM
from imagelabels_shared.report.words import marked

NOTHING_TO_EXCLUDE_FROM = "NOT needs something to exclude from: write it behind AND, like dog AND NOT person."


@dataclass(frozen=True)
class Hit:
    """A photo that was found. `confidence` in percent: AND takes the lowest of its labels, OR the highest.

    `custom` are those of its labels that a person's own model found.
    """

    photo: str
    key: str
    confidence: float
    labelled_at: str
    labels: dict[str, float]
    custom: frozenset[str] = frozenset()

    @property
    def named(self) -> dict[str, float]:
        """The labels by their names for people."""
        return {
            marked(name, CUSTOM if name in self.custom else None): confidence
            for name, confidence in self.labels.items()
        }


Hits = dict[str, Hit]


@dataclass
class Search:
    """One search. `floor` (percent) and `since` do not apply to NOT; `unknown` collects labels that no photo has."""

    index: LabelIndex
    floor: float = 0
    since: datetime | None = None
    unknown: list[str] = field(default_factory=list)

    def best(self, query: Query, limit: int) -> list[Hit]:
        """Return at most `limit` photos, the surest first; raises UserError for a NOT with nothing to exclude from."""
        found = self._find(query, limit)
        return sorted(found.values(), key=lambda hit: (-hit.confidence, hit.photo))[:limit]

    def _find(self, query: Query, limit: int | None) -> Hits:
        match query:
            case Label(name):
                return self._labelled(name, limit)
            case Or(parts):
                # The first `limit` of each part include the first `limit` of all.
                return _union([self._find(part, limit) for part in parts])
            case And(parts):
                return self._both(parts)
        raise WrongUsageError(NOTHING_TO_EXCLUDE_FROM)

    def _both(self, parts: tuple[Query, ...]) -> Hits:
        wanted = [part for part in parts if not isinstance(part, Not)]
        if not wanted:
            raise WrongUsageError(NOTHING_TO_EXCLUDE_FROM)
        found = _intersection([self._find(part, None) for part in wanted])
        excluded = Search(self.index, unknown=self.unknown)
        for part in parts:
            if isinstance(part, Not):
                found = _without(found, excluded._find(part.part, None))
        return found

    def _labelled(self, name: str, limit: int | None) -> Hits:
        found = self.index.spelled(name, self.floor, None if self.since else limit)
        if found is None:
            self.unknown.append(name)
            return {}
        label, rows = found
        fresh = (row for row in rows if self.since is None or datetime.fromisoformat(row.labelled_at) >= self.since)
        return {row.photo: _hit(row, label) for row in islice(fresh, limit)}


def _hit(row: Row, label: str) -> Hit:
    custom = frozenset([label] if row.source == CUSTOM else [])
    return Hit(row.photo, row.key, row.confidence, row.labelled_at, {label: row.confidence}, custom)


def _union(sets: list[Hits]) -> Hits:
    found: Hits = {}
    for hits in sets:
        for photo, hit in hits.items():
            found[photo] = _joined(found[photo], hit, max) if photo in found else hit
    return found


def _intersection(sets: list[Hits]) -> Hits:
    found, *others = sorted(sets, key=len)
    for hits in others:
        found = {photo: _joined(hit, hits[photo], min) for photo, hit in found.items() if photo in hits}
    return found


def _without(found: Hits, excluded: Hits) -> Hits:
    return {photo: hit for photo, hit in found.items() if photo not in excluded}


def _joined(first: Hit, second: Hit, choose: Callable[[float, float], float]) -> Hit:
    confidence = choose(first.confidence, second.confidence)
    labels, custom = first.labels | second.labels, first.custom | second.custom
    return Hit(first.photo, first.key, confidence, first.labelled_at, labels, custom)
