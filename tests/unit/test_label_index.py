"""The index `by-label` as DynamoDB gives it: sorted by DynamoDB, in pages, and counted."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from imagelabels.search.evaluation import Search
from imagelabels.search.label_index import LabelIndex
from imagelabels.search.query import parse
from tests import resources
from tests.resources import IMAGES

OLD, NEW = "2026-11-01T00:00:00.000Z", "2026-11-22T00:00:00.000Z"
# In no order; the two surest ones are old.
DOGS = {"b.jpg": 70, "e.jpg": 99, "a.jpg": 90, "d.jpg": 60, "c.jpg": 95, "f.jpg": 80, "g.jpg": 65}


@pytest.fixture
def index(aws: None) -> LabelIndex:  # noqa: ARG001  # moto is on
    table = resources.create_labels_table_with_index()
    for key, confidence in DOGS.items():
        table.put_item(Item=item(key, "Dog", confidence, OLD if confidence > 90 else NEW))
    table.put_item(Item=item("a.jpg", "Hot Dog", 88))
    table.put_item(Item={"image_id": f"{IMAGES}/a.jpg", "record": "IMAGE", "object_key": "a.jpg"})
    return LabelIndex(table)


def item(key: str, label: str, confidence: float, at: str = NEW) -> dict[str, Any]:
    return {
        "image_id": f"{IMAGES}/{key}",
        "record": f"LABEL#{label}",
        "object_key": key,
        "label": label,
        "confidence": Decimal(str(confidence)),
        "labelled_at": at,
    }


SUREST_FIRST = ["e.jpg", "c.jpg", "a.jpg", "f.jpg", "b.jpg", "g.jpg", "d.jpg"]


@pytest.mark.parametrize(("page", "requests"), [(None, 1), (3, 3), (1, 8)])
def test_every_page_is_read_the_surest_photos_first(index: LabelIndex, page: int | None, requests: int) -> None:
    """A page of one row has a page behind the last one: DynamoDB does not look ahead."""
    rows = list(index.photos("Dog", limit=page))
    assert [row.key for row in rows] == SUREST_FIRST
    assert [row.confidence for row in rows] == [99, 95, 90, 80, 70, 65, 60]
    assert rows[0] == (f"{IMAGES}/e.jpg", "e.jpg", 99.0, OLD, "")
    assert index.reading.rows == 7
    assert requests - 1 <= index.reading.requests <= requests


@pytest.mark.parametrize(("floor", "found"), [(65, 6), (65.5, 5), (99, 1), (99.5, 0)])
def test_the_floor_is_the_least_confidence(index: LabelIndex, floor: float, found: int) -> None:
    assert len(list(index.photos("Dog", floor))) == found
    assert index.reading.rows == found
    assert index.counts(["Dog"], floor)["Dog"] == found


def test_no_more_is_read_than_is_wanted(index: LabelIndex) -> None:
    rows = index.photos("Dog", limit=2)
    assert [next(rows).key, next(rows).key] == ["e.jpg", "c.jpg"]
    assert (index.reading.rows, index.reading.requests) == (2, 1)


@pytest.mark.parametrize(("name", "label"), [("dog", "Dog"), ("DOG", "Dog"), ("hot dog", "Hot Dog"), ("Dog", "Dog")])
def test_a_label_is_found_in_any_case(index: LabelIndex, name: str, label: str) -> None:
    found = index.spelled(name)
    assert found is not None
    assert found[0] == label
    assert len(list(found[1])) == (1 if label == "Hot Dog" else 7)
    assert index.counts([name]) == {label: 1 if label == "Hot Dog" else 7}


def test_a_label_is_found_by_its_other_names(aws: None) -> None:  # noqa: ARG001  # moto is on
    """A photo's own label of that name comes first."""
    table = resources.create_labels_table_with_index()
    table.put_item(Item=item("a.jpg", "Car", 90))
    index = LabelIndex(table)
    assert found(index, "automobile", 9) == ["a.jpg"]
    assert index.counts(["AUTOMOBILE"]) == {"Car": 1}
    table.put_item(Item=item("b.jpg", "Automobile", 80))
    assert found(index, "automobile", 9) == ["b.jpg"]


def test_a_label_of_a_persons_own_model_says_so(aws: None) -> None:  # noqa: ARG001  # moto is on
    table = resources.create_labels_table_with_index()
    table.put_item(Item=item("a.jpg", "Mustang", 90) | {"source": "custom"})
    table.put_item(Item=item("a.jpg", "Car", 95))
    (hit,) = Search(LabelIndex(table)).best(parse("mustang AND car"), 9)
    assert hit.named == {"Mustang (custom)": 90, "Car": 95}
    assert hit.custom == {"Mustang"}


@pytest.fixture
def measured(aws: None) -> LabelIndex:  # noqa: ARG001  # moto is on
    """Photos with colours and quality: `a` is red, sharp and bright, `b` is a little red and blurred, `c` is dark."""
    table = resources.create_labels_table_with_index()
    rows = {
        "a.jpg": {"colour:red": 70, "quality:blurry": 10, "quality:dark": 20},
        "b.jpg": {"colour:red": 12, "quality:blurry": 95, "quality:dark": 60},
        "c.jpg": {"quality:blurry": 70, "quality:dark": 75},
    }
    for key, found in rows.items():
        table.put_item(Item=item(key, "Dog", 90))
        for name, number in found.items():
            table.put_item(Item=item(key, name, number) | {"record": f"PROPERTY#{name}"})
    return LabelIndex(table)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("colour:red", ["a.jpg", "b.jpg"]),
        ("Color:RED AND NOT blurry", ["a.jpg"]),
        ("blurry", ["b.jpg", "c.jpg"]),
        ("quality:blurry AND NOT dark", ["b.jpg"]),
        ("dog AND NOT blurry", ["a.jpg"]),
        ("dark OR colour:red", ["c.jpg", "a.jpg", "b.jpg"]),
        ("colour:blue", []),
    ],
)
def test_colours_and_quality_are_found_as_labels_are(measured: LabelIndex, query: str, keys: list[str]) -> None:
    """Each photo has the rows of quality; a word finds those within its limit, also behind NOT."""
    assert found(measured, query, 9) == keys


def test_a_least_confidence_is_that_of_colours_and_quality_too(measured: LabelIndex) -> None:
    hits = {query: [hit.key for hit in Search(measured, 50).best(parse(query), 9)] for query in ("colour:red", "dark")}
    assert hits == {"colour:red": ["a.jpg"], "dark": ["c.jpg"]}
    assert [hit.key for hit in Search(measured, 90).best(parse("blurry"), 9)] == ["b.jpg"]


def test_colours_and_quality_are_counted_by_name_and_are_not_among_all_labels(measured: LabelIndex) -> None:
    assert measured.counts(["blurry", "color:red"]) == {"quality:blurry": 2, "colour:red": 2}
    assert list(measured.every()) == ["Dog"] * 3


def test_a_photos_own_label_of_that_name_comes_first(aws: None) -> None:  # noqa: ARG001  # moto is on
    table = resources.create_labels_table_with_index()
    table.put_item(Item=item("a.jpg", "Blurry", 60))
    table.put_item(Item=item("b.jpg", "quality:blurry", 90))
    assert found(LabelIndex(table), "blurry", 9) == ["a.jpg"]
    assert found(LabelIndex(table), "quality:blurry", 9) == ["b.jpg"]


def test_a_label_that_no_photo_has_is_not_found_and_counted_as_none(index: LabelIndex) -> None:
    assert index.spelled("unicorn") is None
    assert index.counts(["unicorn", "Dog"]) == {"unicorn": 0, "Dog": 7}


def test_every_label_is_listed_once_for_each_photo_that_has_it(index: LabelIndex) -> None:
    assert sorted(index.every()) == ["Dog"] * 7 + ["Hot Dog"]


def test_the_size_is_dynamodbs_own_count_of_the_index(index: LabelIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto does not count the rows of an index."""
    assert index.size() == 0
    described = [{"IndexName": "another", "ItemCount": 5}, {"IndexName": "by-label", "ItemCount": 9_000}]
    monkeypatch.setitem(index._table.meta.data, "GlobalSecondaryIndexes", described)  # noqa: SLF001  # what DescribeTable said
    assert index.size() == 9_000


def test_what_was_read_is_told_with_its_price(index: LabelIndex) -> None:
    list(index.photos("Dog"))
    index.reading.units = 8
    assert str(index.reading) == "7 rows in 1 request, 8 read units, $0.0000010"


def found(index: LabelIndex, text: str, limit: int, since: str = "") -> list[str]:
    moment = datetime.fromisoformat(since) if since else None
    return [hit.key for hit in Search(index, since=moment).best(parse(text), limit)]


def test_since_beside_a_limit_passes_over_the_surest_photos_that_are_older(index: LabelIndex) -> None:
    """The limit counts photos that are new enough; with --since a page has no limit."""
    assert found(index, "dog", 2, "2026-11-15T00:00:00Z") == ["a.jpg", "f.jpg"]
    assert index.reading.requests == 2
    assert found(index, "dog", 2) == ["e.jpg", "c.jpg"]


def test_a_photo_labelled_at_the_very_moment_counts_as_since(index: LabelIndex) -> None:
    assert len(found(index, "dog", 9, "2026-11-22T00:00:00Z")) == 5
    assert found(index, "dog", 9, "2026-11-22T00:00:00.001Z") == []


def test_with_a_limit_one_page_of_that_size_is_read(index: LabelIndex) -> None:
    assert found(index, "Dog", 3) == ["e.jpg", "c.jpg", "a.jpg"]
    assert (index.reading.rows, index.reading.requests) == (3, 1)


def test_what_is_combined_is_read_whole(index: LabelIndex) -> None:
    assert found(index, "Dog AND Hot Dog", 1) == ["a.jpg"]
    assert index.reading.rows == 8
    assert found(index, "Dog AND NOT Hot Dog", 9) == [key for key in SUREST_FIRST if key != "a.jpg"]


def test_times_of_older_items_are_given_in_todays_form(aws: None) -> None:  # noqa: ARG001  # moto is on
    table = resources.create_labels_table_with_index()
    table.put_item(Item=item("a.jpg", "Dog", 90, "2026-11-22T12:00:00.000+00:00"))
    (row,) = LabelIndex(table).photos("Dog")
    assert datetime.fromisoformat(row.labelled_at) == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert row.labelled_at.endswith("Z")
