"""Reading and replacing what the table says of one photo, in one transaction."""

import functools
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from persist_labels.items import IMAGE_RECORD, Item
from shared.aws import CONFIG, error_code, permitted
from shared.errors import ServiceUnavailableError, ThrottledError
from shared.settings import setting

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

# RUN# items tell the photo's history; they sort behind the image and its labels, and stay.
FIRST_RUN = "RUN#"
BUSY = {"ProvisionedThroughputExceeded", "ThrottlingError"}


@functools.cache
def table() -> "Table":
    return boto3.resource("dynamodb", config=CONFIG).Table(setting("TABLE_NAME"))


def read(photo: str) -> list[Item]:
    """Return the image item and the label items of a photo, as they are at this moment."""
    with permitted("dynamodb:Query", _arn()):
        answer = table().query(
            KeyConditionExpression="image_id = :photo AND #record < :runs",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":photo": photo, ":runs": FIRST_RUN},
            ConsistentRead=True,
        )
    return list(answer["Items"])


def replace(seen: list[Item], wanted: list[Item]) -> list[str]:
    """Make the table say `wanted` and nothing else of the photo, if it still says `seen`; return what went.

    Raises ServiceUnavailableError when another execution wrote in between, ThrottledError when it is busy.
    """
    keep = {item["record"] for item in wanted}
    stale = [item for item in seen if item["record"] not in keep]
    writes = [_put(item, seen) for item in wanted] + [_delete(item) for item in stale]
    try:
        with permitted("dynamodb:PutItem and dynamodb:DeleteItem", _arn()):
            table().meta.client.transact_write_items(TransactItems=writes)
    except ClientError as error:
        raise _conflict(error) from error
    return [item["record"] for item in stale]


def _put(item: Item, seen: list[Item]) -> Any:
    put: dict[str, Any] = {"TableName": table().name, "Item": item}
    if item["record"] == IMAGE_RECORD:
        put |= _unchanged(seen)
    return {"Put": put}


def _delete(item: Item) -> Any:
    key = {"image_id": item["image_id"], "record": item["record"]}
    return {"Delete": {"TableName": table().name, "Key": key}}


def _unchanged(seen: list[Item]) -> dict[str, Any]:
    """The condition that nobody wrote the image item since it was read."""
    before = next((item for item in seen if item["record"] == IMAGE_RECORD), None)
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(image_id)"}
    return {
        "ConditionExpression": "#execution = :execution AND labelled_at = :labelled_at",
        "ExpressionAttributeNames": {"#execution": "execution"},
        "ExpressionAttributeValues": {
            ":execution": before["execution"],
            ":labelled_at": before["labelled_at"],
        },
    }


def _conflict(error: ClientError) -> Exception:
    if error_code(error) not in {"TransactionCanceledException", "TransactionInProgressException"}:
        return error
    reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    if reasons & BUSY:
        return ThrottledError(f"The table is busy: {error}")
    return ServiceUnavailableError(f"Another execution wrote the same photo at this moment: {error}")


def _arn() -> str:
    return f"table/{setting('TABLE_NAME')}"
