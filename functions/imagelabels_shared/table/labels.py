"""Reading, replacing and removing a photo's items, in one transaction that fails when another writer was faster."""

import functools
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import boto3
from botocore.exceptions import ClientError

from imagelabels_shared.aws import CONFIG, AccessDeniedError, aws_call, error_code
from imagelabels_shared.environment import ClaimsTable, LabelsTable
from imagelabels_shared.errors import ServiceUnavailableError, ThrottledError
from imagelabels_shared.table.claims import lifetime
from imagelabels_shared.table.records import IMAGE_RECORD, RUN_PREFIX, PhotoItem, find_image

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

# The reasons inside TransactionCanceledException, one for each action ("None" for one that would have worked):
# docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
BUSY = {"ProvisionedThroughputExceeded", "ThrottlingError", "RequestLimitExceeded"}
RACES = {"ConditionalCheckFailed", "TransactionConflict"}
DENIALS = {"AccessDenied", "AccessDeniedException"}


class Seen(NamedTuple):
    """What the tables said of a photo when they were read. `photo` is its `image_id`.

    `items` are the image and its labels, without runs. `removal` identifies the last removal; None when there was none
    in the last `WINDOW_SECONDS` of `imagelabels_shared.table.claims`.
    """

    photo: str
    items: list[PhotoItem]
    removal: str | None

    @property
    def version(self) -> str | None:
        """The version whose labels these are; None without labels."""
        image = find_image(self.items)
        return image["version"] if image else None


@functools.cache
def dynamodb() -> "DynamoDBServiceResource":
    return boto3.resource("dynamodb", config=CONFIG)


def labels() -> "Table":
    return dynamodb().Table(LabelsTable.from_environ().table_name)


def _claims() -> "Table":
    return dynamodb().Table(ClaimsTable.from_environ().claims_table_name)


def read(photo: str) -> Seen:
    """Return what the tables say of a photo (its `image_id`) now. Raises what `aws_call` raises."""
    with aws_call("dynamodb:GetItem", _arn(_claims())):
        mark = _claims().get_item(Key={"id": photo}, ConsistentRead=True).get("Item", {})
    with aws_call("dynamodb:Query", _arn(labels())):
        answer = labels().query(
            KeyConditionExpression="image_id = :photo AND #record < :runs",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":photo": photo, ":runs": RUN_PREFIX},
            ConsistentRead=True,
        )
    return Seen(photo, cast("list[PhotoItem]", answer["Items"]), str(mark["removal"]) if mark else None)


def replace(seen: Seen, wanted: Sequence[PhotoItem]) -> list[str]:
    """Write the items `wanted` and delete the photo's other items; return the records of the deleted ones.

    Nothing changes unless the table still says `seen`. Raises ServiceUnavailableError when another execution wrote in
    between, ThrottledError when DynamoDB is busy, and what `aws_call` raises.
    """
    keep = {item["record"] for item in wanted}
    stale = [item for item in seen.items if item["record"] not in keep]
    unmarked: dict[str, Any] = {"TableName": _claims().name, "Key": {"id": seen.photo}, **_no_removal_since(seen)}
    _transact(
        [{"ConditionCheck": unmarked}, *(_put(item, seen) for item in wanted), *(_delete(item, seen) for item in stale)]
    )
    return [item["record"] for item in stale]


def remove(seen: Seen) -> list[str]:
    """Delete the photo's image and labels; return their records. Conditions and errors as for `replace`.

    Each removal is also written to the claims table, even when there was nothing to delete. An execution that read
    the tables before the removal cannot write after it, and has to read them again.
    """
    mark = {"id": seen.photo, "removal": uuid.uuid4().hex, **lifetime()}
    marked = {"TableName": _claims().name, "Item": mark, **_no_removal_since(seen)}
    _transact([{"Put": marked}, *_still_absent(seen), *(_delete(item, seen) for item in seen.items)])
    return [item["record"] for item in seen.items]


def _transact(writes: list[Any]) -> None:
    needed, tables = "dynamodb:PutItem, DeleteItem and ConditionCheckItem", f"{_arn(labels())} and {_arn(_claims())}"
    try:
        with aws_call(needed, tables):
            labels().meta.client.transact_write_items(TransactItems=writes)
    except ClientError as error:
        raise _meaning(error, needed, tables) from error


def _put(item: PhotoItem, seen: Seen) -> Any:
    condition = _unchanged(seen) if item["record"] == IMAGE_RECORD else {}
    return {"Put": {"TableName": labels().name, "Item": item, **condition}}


def _delete(item: PhotoItem, seen: Seen) -> Any:
    condition = _unchanged(seen) if item["record"] == IMAGE_RECORD else {}
    key = {"image_id": item["image_id"], "record": item["record"]}
    return {"Delete": {"TableName": labels().name, "Key": key, **condition}}


def _still_absent(seen: Seen) -> list[Any]:
    """Return the check that there is still no image item, if there was none."""
    if seen.version is not None:
        return []
    key = {"image_id": seen.photo, "record": IMAGE_RECORD}
    return [{"ConditionCheck": {"TableName": labels().name, "Key": key, **_unchanged(seen)}}]


def _unchanged(seen: Seen) -> dict[str, Any]:
    """Return the condition that nobody wrote the image item since it was read."""
    before = find_image(seen.items)
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


def _meaning(error: ClientError, needed: str, tables: str) -> Exception:
    """Return the error for the workflow: another execution wrote only if every reason says so."""
    if error_code(error) != "TransactionCanceledException":
        return error
    reasons = {str(reason.get("Code")) for reason in error.response.get("CancellationReasons", [])} - {"None"}
    if reasons & DENIALS:
        return AccessDeniedError(f"The function's role has no permission for {needed} on {tables}. AWS said: {error}")
    if reasons - BUSY - RACES:
        return error
    if reasons & BUSY:
        return ThrottledError(f"The table is busy: {error}")
    return ServiceUnavailableError(f"Another execution wrote the same photo at this moment: {error}")


def _arn(table: "Table") -> str:
    return f"table/{table.name}"
