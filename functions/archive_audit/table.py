"""Writing a run into the table once, whatever comes twice or in another order; never over another run."""

from typing import Any

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, error_code
from imagelabels_shared.environment import LabelsTable
from imagelabels_shared.observability import logger
from imagelabels_shared.table.labels import Item, labels

# An execution and a deletion's event are named by whoever starts or sends them, so one could have the other's name.
SAME_EXECUTION = "#execution = :execution AND attribute_not_exists(#event)"
SAME_EVENT = "#execution = :execution AND #event = :event"
# A run's own record tells more than its status, and a later record (of a redrive) replaces an earlier one.
RECORD_WINS = "recorded_at <= :recorded OR (bare = :bare AND outcome = :outcome)"
STATUS_ADDS = "recorded_at < :recorded AND outcome <> :outcome"


def keep(item: Item) -> bool:
    """Write the item unless the table knows more already, or has another run there; return whether it was written."""
    try:
        with aws_call("dynamodb:PutItem", f"table/{LabelsTable.from_environ().table_name}"):
            labels().put_item(
                Item=item,
                ConditionExpression=_condition(item),
                ExpressionAttributeNames={"#execution": "execution", "#event": "event"},
                ExpressionAttributeValues=_values(item),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        _warn_of_another(error, item)
        return False
    return True


def _condition(item: Item) -> str:
    same, news = SAME_EVENT if "event" in item else SAME_EXECUTION, STATUS_ADDS if "bare" in item else RECORD_WINS
    return f"attribute_not_exists(image_id) OR ({same} AND ({news}))"


def _values(item: Item) -> dict[str, Any]:
    values = {":recorded": item["recorded_at"], ":outcome": item["outcome"], ":execution": item["execution"]}
    if "event" in item:
        values[":event"] = item["event"]
    return values if "bare" in item else values | {":bare": True}


def _warn_of_another(error: ClientError, item: Item) -> None:
    held: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]  # the stub does not know it
    names = [held.get(name, {}).get("S") for name in ("execution", "event")]
    if names != [item["execution"], item.get("event")]:
        logger().warning("Another run has this record's name; the record was left out", record=item["record"])
