"""The table's index `by-label`, read by one label at a time, the surest photos first."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from imagelabels_shared.prices import READ_REQUEST_UNIT
from imagelabels_shared.table.records import LABEL_INDEX
from imagelabels_shared.timestamps import in_one_form

WANTED = "image_id, object_key, confidence, labelled_at"


class Row(NamedTuple):
    """One label of one photo. `confidence` in percent; `labelled_at` is ISO 8601."""

    photo: str
    key: str
    confidence: float
    labelled_at: str


@dataclass
class Reading:
    """What was read so far. `units` are DynamoDB's read request units."""

    requests: int = 0
    rows: int = 0
    units: float = 0.0

    def __str__(self) -> str:
        cost = self.units * READ_REQUEST_UNIT.each
        return f"{self.rows} rows in {self.requests} request(s), {self.units:g} read units, ${cost:.7f}"


class LabelIndex:
    """Reads the index, and counts in `reading` what that takes. Methods raise botocore's own errors."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self.reading = Reading()

    def photos(self, label: str, floor: float = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield the photos with a label of at least `floor` percent, the surest first, a page of `limit` at a time."""
        wanted: dict[str, Any] = {"ProjectionExpression": WANTED, **({"Limit": limit} if limit else {})}
        for page in self._pages(label, floor, wanted):
            for item in page["Items"]:
                labelled_at = in_one_form(item["labelled_at"])
                yield Row(item["image_id"], item["object_key"], float(item["confidence"]), labelled_at)

    def count(self, label: str, floor: float = 0) -> int:
        """Return how many photos have a label; costs as much as reading them."""
        return sum(page["Count"] for page in self._pages(label, floor, {"Select": "COUNT"}))

    def every(self) -> Iterator[str]:
        """Yield the label of every row, in no order: a scan, because DynamoDB cannot list an index's partitions."""
        for page in self._read(self._table.scan, {"IndexName": LABEL_INDEX, "ProjectionExpression": "label"}):
            yield from (item["label"] for item in page["Items"])

    def size(self) -> int:
        """Return how many rows the index has; DynamoDB counts them every six hours or so (DescribeTable)."""
        indexes = self._table.global_secondary_indexes or []
        return int(next((one.get("ItemCount", 0) for one in indexes if one["IndexName"] == LABEL_INDEX), 0))

    def _pages(self, label: str, floor: float, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
        request = {
            "IndexName": LABEL_INDEX,
            "KeyConditionExpression": "label = :label AND confidence >= :floor",
            "ExpressionAttributeValues": {":label": label, ":floor": Decimal(str(floor))},
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
