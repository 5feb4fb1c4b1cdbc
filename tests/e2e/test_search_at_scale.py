"""`search` among many rows: the right photos, reading nothing but the rows of the labels that were asked for."""

import random
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from imagelabels.search.evaluation import Search
from imagelabels.search.label_index import LabelIndex
from imagelabels.search.query import parse
from imagelabels.stack.connection import local
from tests.e2e.command import answer
from tests.e2e.stack import Stack

LABELS_EACH = 20
# Like Rekognition's: a few labels are on many photos, most on few.
VOCABULARY = [f"Scale {number:03}" for number in range(300)]
WEIGHTS = [1 / (rank + 1) for rank in range(len(VOCABULARY))]
FREQUENT, RARER = VOCABULARY[4], VOCABULARY[8]
QUERY = f"{RARER} AND NOT {FREQUENT}"
Album = dict[str, dict[str, float]]


def filled(table: Any, bucket: str, rows: int) -> Album:
    """Write `rows` label items of as many photos as that takes, and return them: photo, label, confidence."""
    choice = random.Random(rows)  # noqa: S311  # the same photos in every run
    album = {f"scale-{rows}/{number:05}.jpg": _labels(choice) for number in range(rows // LABELS_EACH)}
    with table.batch_writer() as batch:
        for key, labels in album.items():
            for label, confidence in labels.items():
                batch.put_item(_item(f"{bucket}/{key}", key, label, confidence))
    return album


def _labels(choice: random.Random) -> dict[str, float]:
    chosen: dict[str, float] = {}
    while len(chosen) < LABELS_EACH:
        chosen[choice.choices(VOCABULARY, WEIGHTS)[0]] = round(choice.uniform(55, 100), 2)
    return chosen


def _item(photo: str, key: str, label: str, confidence: float) -> dict[str, Any]:
    return {
        "image_id": photo,
        "record": f"LABEL#{label}",
        "label": label,
        "confidence": Decimal(str(confidence)),
        "object_key": key,
        "parents": ["Scale"],
        "categories": ["Everything"],
        "instances": 1,
        "labelled_at": "2026-11-22T10:00:00.000+00:00",
    }


@pytest.mark.parametrize("rows", [2_000, pytest.param(50_000, marks=pytest.mark.soak)])
def test_search_reads_only_the_rows_of_its_labels(stack: Stack, home: Path, rows: int) -> None:
    connection = local(home / "outputs.json")
    assert connection is not None
    table = connection.table()
    album = filled(table, stack.bucket, rows)
    index = LabelIndex(table)
    began = time.monotonic()
    hits = Search(index).best(parse(QUERY), rows)
    seconds = time.monotonic() - began
    expected = {key: labels[RARER] for key, labels in album.items() if RARER in labels and FREQUENT not in labels}
    assert expected
    surest_first = sorted(expected.items(), key=lambda photo: (-photo[1], photo[0]))
    assert [(hit.key, hit.confidence) for hit in hits] == surest_first
    assert index.reading.rows == sum(label in {RARER, FREQUENT} for labels in album.values() for label in labels)
    print(f"{rows} rows: {len(hits)} photos in {seconds:.2f} s; read {index.reading}")
    assert seconds < 1 or rows < 50_000
    best = answer(home, "search", FREQUENT, "--limit", "5")
    assert best["read"]["rows"] == 6
    frequent = sorted(((-labels[FREQUENT], key) for key, labels in album.items() if FREQUENT in labels))[:5]
    assert [(photo["key"], photo["confidence"]) for photo in best["photos"]] == [(key, -sure) for sure, key in frequent]
