"""Reading and replacing what the table says of one photo, in one transaction that notices every other writer."""

import functools
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.exceptions import ClientError

from imagelabels_shared.aws import CONFIG, aws_call, error_code
from imagelabels_shared.environment import ClaimsTable, LabelsTable
from imagelabels_shared.errors import ServiceUnavailableError, ThrottledError
from imagelabels_shared.table.claims import lifetime

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

Item = dict[str, Any]

IMAGE_RECORD = "IMAGE"
# RUN# items tell the photo's history; they sort behind the image and its labels, and stay.
FIRST_RUN = "RUN#"
BUSY = {"ProvisionedThroughputExceeded", "ThrottlingError"}


def photo_id(bucket: str, key: str) -> str:
    return f"{bucket}/{key}"


class Seen(NamedTuple):
    """What the tables said of a photo: its items, and the mark of the last removal, if there was one lately."""

    photo: str
    items: list[Item]
    removal: str | None

    @property
    def version(self) -> str | None:
        """The version whose labels these are."""
        return next((item["version"] for item in self.items if item["record"] == IMAGE_RECORD), None)


@functools.cache
def dynamodb() -> "DynamoDBServiceResource":
    return boto3.resource("dynamodb", config=CONFIG)


def labels() -> "Table":
    return dynamodb().Table(LabelsTable.from_environ().table_name)


def _claims() -> "Table":
    return dynamodb().Table(ClaimsTable.from_environ().claims_table_name)


def read(photo: str) -> Seen:
    """Return what the table says of a photo at this moment. Raises what `aws_call` raises."""
    with aws_call("dynamodb:GetItem", _arn(_claims())):
        mark = _claims().get_item(Key={"id": photo}, ConsistentRead=True).get("Item", {})
    with aws_call("dynamodb:Query", _arn(labels())):
        answer = labels().query(
            KeyConditionExpression="image_id = :photo AND #record < :runs",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":photo": photo, ":runs": FIRST_RUN},
            ConsistentRead=True,
        )
    return Seen(photo, list(answer["Items"]), str(mark["removal"]) if mark else None)


def replace(seen: Seen, wanted: list[Item]) -> list[str]:
    """Make the table say `wanted` and nothing else of the photo, if it still says `seen`; return what went.

    Raises ServiceUnavailableError when another execution wrote in between, ThrottledError when it is busy.
    """
    keep = {item["record"] for item in wanted}
    stale = [item for item in seen.items if item["record"] not in keep]
    unmarked: dict[str, Any] = {"TableName": _claims().name, "Key": {"id": seen.photo}, **_no_removal_since(seen)}
    _transact(
        [{"ConditionCheck": unmarked}, *(_put(item, seen) for item in wanted), *(_delete(i, seen) for i in stale)]
    )
    return [item["record"] for item in stale]


def remove(seen: Seen) -> list[str]:
    """Remove all that the table says of the photo, if it still says `seen`; return what went. Raises as `replace`.

    The removal leaves a mark even when there is nothing to remove: an execution that looked before and writes
    after it is turned away by the mark, and looks again.
    """
    mark = {"id": seen.photo, "removal": uuid.uuid4().hex, **lifetime()}
    marked = {"TableName": _claims().name, "Item": mark, **_no_removal_since(seen)}
    _transact([{"Put": marked}, *_still_absent(seen), *(_delete(item, seen) for item in seen.items)])
    return [item["record"] for item in seen.items]


def _transact(writes: list[Any]) -> None:
    needed = "dynamodb:PutItem, DeleteItem and ConditionCheckItem"
    try:
        with aws_call(needed, f"{_arn(labels())} and {_arn(_claims())}"):
            labels().meta.client.transact_write_items(TransactItems=writes)
    except ClientError as error:
        raise _conflict(error) from error


def _put(item: Item, seen: Seen) -> Any:
    condition = _unchanged(seen) if item["record"] == IMAGE_RECORD else {}
    return {"Put": {"TableName": labels().name, "Item": item, **condition}}


def _delete(item: Item, seen: Seen) -> Any:
    condition = _unchanged(seen) if item["record"] == IMAGE_RECORD else {}
    key = {"image_id": item["image_id"], "record": item["record"]}
    return {"Delete": {"TableName": labels().name, "Key": key, **condition}}


def _still_absent(seen: Seen) -> list[Any]:
    """The check that nobody wrote an image item where there was none."""
    if seen.version is not None:
        return []
    key = {"image_id": seen.photo, "record": IMAGE_RECORD}
    return [{"ConditionCheck": {"TableName": labels().name, "Key": key, **_unchanged(seen)}}]


def _unchanged(seen: Seen) -> dict[str, Any]:
    """The condition that nobody wrote the image item since it was read."""
    before = next((item for item in seen.items if item["record"] == IMAGE_RECORD), None)
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


def _no_removal_since(seen: Seen) -> dict[str, Any]:
    if seen.removal is None:
        return {"ConditionExpression": "attribute_not_exists(id)"}
    return {"ConditionExpression": "removal = :removal", "ExpressionAttributeValues": {":removal": seen.removal}}


def _conflict(error: ClientError) -> Exception:
    if error_code(error) not in {"TransactionCanceledException", "TransactionInProgressException"}:
        return error
    reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    if reasons & BUSY:
        return ThrottledError(f"The table is busy: {error}")
    return ServiceUnavailableError(f"Another execution wrote the same photo at this moment: {error}")


def _arn(table: "Table") -> str:
    return f"table/{table.name}"
