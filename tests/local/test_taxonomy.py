"""The table of labels is sound: each class once, each parent a label, each chain of parents complete."""

from collections import Counter

import pytest

from imagelabels.local.recognizer.taxonomy import TABLE, entries

ROWS = [line.split("\t") for line in TABLE.read_text().splitlines()]
CLASSES = 1000


def test_it_is_sorted_and_names_no_label_twice() -> None:
    labels = [row[0] for row in ROWS[1:]]
    assert labels == sorted(set(labels))


def test_no_class_is_two_labels() -> None:
    own = Counter(number for entry in entries().values() for number in entry.classes)
    assert set(own) <= set(range(CLASSES))
    for number in own:
        labels = [entry for entry in entries().values() if number in entry.classes]
        deepest = max(labels, key=lambda entry: len(entry.parents))
        assert {entry.label for entry in labels} == {deepest.label, *deepest.parents}, number


def test_parents_are_labels_with_their_own_parents() -> None:
    for entry in entries().values():
        assert entry.label not in entry.parents
        for parent in entry.parents:
            assert set(entries()[parent].parents) <= set(entry.parents), entry.label


@pytest.mark.parametrize(
    ("label", "number"), [("Cat", 281), ("Dog", 207), ("Coffee Cup", 504), ("Pickup Truck", 717), ("Football", 805)]
)
def test_a_label_has_the_classes_below_it(label: str, number: int) -> None:
    """Numbers as in ImageNet: a tabby, a golden retriever, a coffee mug, a pickup, a soccer ball."""
    assert number in entries()[label].classes


def test_every_label_has_a_category() -> None:
    assert all(all(entry.categories) for entry in entries().values())
