"""The labels that the local recognizer knows, with Rekognition's names: `labels.tsv`.

A line is a label, ImageNet's classes that are it, its parents with their parents, and its category.
A class that is in no line never becomes a label.
"""

import csv
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from imagelabels.search.aliases import ALIASES

TABLE = Path(__file__).with_name("labels.tsv")


class Entry(NamedTuple):
    """One label; `classes` are ImageNet's, from 0, of this label and of all labels below it.

    A `group` has no classes of its own, only labels below it.
    """

    label: str
    classes: tuple[int, ...]
    group: bool
    parents: tuple[str, ...]
    categories: tuple[str, ...]
    aliases: tuple[str, ...]


@functools.cache
def entries() -> dict[str, Entry]:
    """Return the table by label."""
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    below: dict[str, set[int]] = {row["label"]: set() for row in rows}
    for row in rows:
        for label in (row["label"], *_names(row["parents"])):
            below[label].update(_numbers(row["classes"]))
    return {row["label"]: _entry(row, below[row["label"]]) for row in rows}


def _entry(row: dict[str, str], classes: set[int]) -> Entry:
    parents = _names(row["parents"])
    aliases = tuple(alias for alias, label in ALIASES.items() if label == row["label"])
    return Entry(row["label"], tuple(sorted(classes)), not row["classes"], parents, (row["category"],), aliases)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


def _numbers(text: str) -> Iterator[int]:
    for part in _names(text):
        first, _dash, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
