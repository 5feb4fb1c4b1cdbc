"""The table's index `by-label`, read by one label at a time, the surest photos first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from imagelabels.search.spelling import spellings
from imagelabels.words import counted, usd
from imagelabels_shared.image_properties import least
from imagelabels_shared.prices import READ_REQUEST_UNIT
from imagelabels_shared.table.records import LABEL_INDEX, LABEL_PREFIX
from imagelabels_shared.timestamps import in_one_form

WANTED = "image_id, object_key, confidence, labelled_at, #source"


class Row(NamedTuple):
    """One label of one photo. `confidence` in percent; `labelled_at` is ISO 8601; `source` is CUSTOM or empty.

    Colours and quality are rows like labels (`imagelabels_shared.image_properties`).
    """

    photo: str
    key: str
    confidence: float
    labelled_at: str
    source: str = ""


@dataclass
class Reading:
    """What was read so far. `units` are DynamoDB's read request units."""

    requests: int = 0
    rows: int = 0
    units: float = 0.0

    def __str__(self) -> str:
        units = "1 read unit" if self.units == 1 else f"{self.units:,g} read units"
        cost = usd(self.units * READ_REQUEST_UNIT.each)
        return f"{counted(self.rows, 'row')} in {counted(self.requests, 'request')}, {units}, {cost}"


class LabelIndex:
    """Reads the index, and counts in `reading` what was read. Methods raise botocore's own errors."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.reading = Reading()

    def photos(self, label: str, floor: float = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield the photos with a label of at least `floor` percent, the surest first, a page of `limit` at a time."""
        wanted: dict[str, Any] = {
            "ProjectionExpression": WANTED,
            "ExpressionAttributeNames": {"#source": "source"},
            **({"Limit": limit} if limit else {}),
        }
        for page in self._pages(label, floor, wanted):
            for item in page["Items"]:
                labelled_at = in_one_form(item["labelled_at"])
                confidence, source = float(item["confidence"]), item.get("source", "")
                yield Row(item["image_id"], item["object_key"], confidence, labelled_at, source)

    def spelled(self, name: str, floor: float = 0, limit: int | None = None) -> tuple[str, Iterator[Row]] | None:
        """Return the first spelling of a name that any photo has, with its rows as `photos` yields them."""
        for label in spellings(name):
            rows = self.photos(label, floor, limit)
            if first := next(rows, None):
                return label, chain([first], rows)
        return None

    def counts(self, names: Iterable[str], floor: float = 0) -> Counter[str]:
        """Return how many photos have each label, in any spelling; this costs as much as reading the rows."""
        counts: Counter[str] = Counter()
        for name in names:
            found = ((label, self._count(label, floor)) for label in spellings(name))
            label, count = next(((label, count) for label, count in found if count), (name, 0))
            counts[label] = count
        return counts

    def _count(self, label: str, floor: float) -> int:
        return sum(page["Count"] for page in self._pages(label, floor, {"Select": "COUNT"}))

    def every(self) -> Iterator[str]:
        """Yield the label of every row, in any order, by a scan: DynamoDB cannot list the partitions of an index.

        Colours and quality are no labels; their rows are read and left out.
        """
        wanted = {"ProjectionExpression": "label, #record", "ExpressionAttributeNames": {"#record": "record"}}
        for page in self._read(self._table.scan, {"IndexName": LABEL_INDEX, **wanted}):
            yield from (item["label"] for item in page["Items"] if item["record"].startswith(LABEL_PREFIX))

    def size(self) -> int:
        """Return how many rows the index has; DynamoDB counts them every six hours or so (DescribeTable)."""
        indexes = self._table.global_secondary_indexes or []
        return int(next((index.get("ItemCount", 0) for index in indexes if index["IndexName"] == LABEL_INDEX), 0))

    def _pages(self, label: str, floor: float, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
        request = {
            "IndexName": LABEL_INDEX,
            "KeyConditionExpression": "label = :label AND confidence >= :floor",
            "ExpressionAttributeValues": {":label": label, ":floor": Decimal(str(max(floor, least(label))))},
            "ScanIndexForward": False,
            **wanted,
        }
        yield from self._read(self._table.query, request)

    def _read(self, operation: Any, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        request = {**request, "ReturnConsumedCapacity": "TOTAL"}
        while True:
            page = operation(**request)
            self.reading.requests += 1
            self.reading.rows += page["ScannedCount"]
            self.reading.units += float(page["ConsumedCapacity"]["CapacityUnits"])
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
