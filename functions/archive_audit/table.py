"""Writing a run's item: messages may come twice and in any order, and no run replaces another one."""

from typing import Any, cast

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, error_code
from imagelabels_shared.environment import LabelsTable
from imagelabels_shared.observability import logger
from imagelabels_shared.table.labels import labels
from imagelabels_shared.table.records import RunItem

# Callers choose the names of executions and events, so an execution and an event may have the same name.
SAME_EXECUTION = "#execution = :execution AND attribute_not_exists(#event)"
SAME_EVENT = "#execution = :execution AND #event = :event"
# A run's record says more than its status. A later record (of a redrive) replaces an earlier one.
RECORD_WINS = "recorded_at <= :recorded OR (bare = :bare AND outcome = :outcome)"
STATUS_ADDS = "recorded_at < :recorded AND outcome <> :outcome"


def keep(item: RunItem) -> bool:
    """Write the item unless the table has a later item of the run, or another run's; return whether it was written.

    Raises what `aws_call` raises.
    """
    try:
        with aws_call("dynamodb:PutItem", f"table/{LabelsTable.from_environ().table_name}"):
            labels().put_item(
                Item=cast("dict[str, Any]", item),
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


def _condition(item: RunItem) -> str:
    same_run, newer = SAME_EVENT if "event" in item else SAME_EXECUTION, STATUS_ADDS if "bare" in item else RECORD_WINS
    return f"attribute_not_exists(image_id) OR ({same_run} AND ({newer}))"


def _values(item: RunItem) -> dict[str, Any]:
    values = {":recorded": item["recorded_at"], ":outcome": item["outcome"], ":execution": item["execution"]}
    if "event" in item:
        values[":event"] = item["event"]
    return values if "bare" in item else values | {":bare": True}


def _warn_of_another(error: ClientError, item: RunItem) -> None:
    held: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]  # the stub does not know it
    names = [held.get(name, {}).get("S") for name in ("execution", "event")]
    if names != [item["execution"], item.get("event")]:
        logger().warning("Another run has this record's name; the record was not archived", record=item["record"])
