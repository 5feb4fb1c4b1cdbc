"""The set arithmetic of `search`: the same photos as looking at every photo one by one."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagelabels.errors import UserError
from imagelabels.search.evaluation import Search
from imagelabels.search.label_index import LabelIndex, Row
from imagelabels.search.query import And, Label, Not, Or, Query, parse

Photos = dict[str, dict[str, float]]
OLD, NEW = "2026-11-01T00:00:00.000+00:00", "2026-11-22T00:00:00.000+00:00"


class InMemory(LabelIndex):
    """The index as DynamoDB orders it, and the labels that were asked for."""

    def __init__(self, photos: Photos, labelled_at: dict[str, str] | None = None) -> None:
        super().__init__(table=None)
        self._photos, self._labelled_at = photos, labelled_at or {}
        self.asked: list[str] = []

    def photos(self, label: str, floor: float = 0, limit: int | None = None) -> Iterator[Row]:  # noqa: ARG002  # a page's size changes no answer
        self.asked.append(label)
        rows = [
            Row(f"images/{key}", key, labels[label], self._labelled_at.get(key, NEW))
            for key, labels in self._photos.items()
            if labels.get(label, -1) >= floor
        ]
        return iter(sorted(rows, key=lambda row: row.confidence, reverse=True))


def found(index: LabelIndex, text: str, floor: float = 0) -> list[str]:
    return [hit.key for hit in Search(index, floor).best(parse(text), 100)]


ALBUM: Photos = {
    "park.jpg": {"Dog": 90, "Person": 99, "Animal": 95},
    "dog.jpg": {"Dog": 97, "Animal": 97},
    "cat.jpg": {"Cat": 80, "Animal": 80},
    "lunch.jpg": {"Hot Dog": 60, "Person": 55},
}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Dog", ["dog.jpg", "park.jpg"]),
        ("dog", ["dog.jpg", "park.jpg"]),
        ("hot dog", ["lunch.jpg"]),
        ("Animal", ["dog.jpg", "park.jpg", "cat.jpg"]),
        ("dog AND NOT person", ["dog.jpg"]),
        ("cat OR person", ["park.jpg", "cat.jpg", "lunch.jpg"]),
        ("(cat OR dog) AND NOT (person AND animal)", ["dog.jpg", "cat.jpg"]),
        ("unicorn", []),
    ],
)
def test_photos_are_found_the_surest_first(text: str, keys: list[str]) -> None:
    assert found(InMemory(ALBUM), text) == keys


def test_least_confidence_does_not_apply_to_what_is_excluded() -> None:
    """A photo that perhaps shows a person is not one without a person."""
    assert found(InMemory(ALBUM), "hot dog AND NOT person", floor=60) == []
    assert found(InMemory(ALBUM), "person", floor=60) == ["park.jpg"]


def test_since_is_when_the_photo_was_labelled() -> None:
    index = InMemory(ALBUM, {"dog.jpg": OLD})
    hits = Search(index, since=datetime(2026, 11, 15, tzinfo=UTC)).best(parse("dog"), 1)
    assert [hit.key for hit in hits] == ["park.jpg"]


def test_an_unknown_label_is_remembered_and_tried_in_other_spellings() -> None:
    index = InMemory(ALBUM)
    search = Search(index)
    assert search.best(parse("dog AND NOT t-shirt"), 10)
    assert search.unknown == ["t-shirt"]
    assert index.asked == ["dog", "Dog", "t-shirt", "T-shirt", "T-Shirt", "T-SHIRT"]


@pytest.mark.parametrize("text", ["NOT dog", "NOT dog AND NOT cat", "dog OR NOT cat", "dog AND (NOT cat OR person)"])
def test_not_without_something_to_exclude_from_is_refused_before_anything_is_read(text: str) -> None:
    index = InMemory(ALBUM)
    with pytest.raises(UserError, match="NOT needs something"):
        found(index, text)


NAMES = st.sampled_from(["Dog", "Cat", "Person", "Car"])
QUERIES = st.recursive(
    NAMES.map(Label),
    lambda inner: (
        st.builds(lambda one, other: And((one, other)), inner, inner)
        | st.builds(lambda one, other: Or((one, other)), inner, inner)
        | st.builds(lambda one, other: And((one, Not(other))), inner, inner)
    ),
    max_leaves=6,
)
ALBUMS = st.dictionaries(
    st.text("abc", min_size=1, max_size=3), st.dictionaries(NAMES, st.integers(0, 100).map(float)), max_size=12
)


@given(ALBUMS, QUERIES, st.integers(1, 4))
def test_the_index_answers_what_every_photo_would(album: Photos, query: Query, limit: int) -> None:
    scores = {key: score for key, labels in album.items() if (score := _score(query, labels)) is not None}
    hits = Search(InMemory(album)).best(query, limit)
    assert {hit.key: hit.confidence for hit in hits}.items() <= scores.items()
    assert [hit.confidence for hit in hits] == sorted(scores.values(), reverse=True)[:limit]


def _score(query: Query, labels: dict[str, float]) -> float | None:
    """How sure one photo answers a query: AND takes its least, OR its surest; None when it does not."""
    match query:
        case Label(name):
            return labels.get(name)
        case Or(parts):
            return max((score for part in parts if (score := _score(part, labels)) is not None), default=None)
        case Not():
            raise AssertionError("only behind AND")
        case And(parts):
            if any(_score(part.part, labels) is not None for part in parts if isinstance(part, Not)):
                return None
            scores = [_score(part, labels) for part in parts if not isinstance(part, Not)]
            return None if None in scores else min(score for score in scores if score is not None)
