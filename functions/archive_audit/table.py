"""Writing a run into the table once, whatever comes twice or in another order."""

from botocore.exceptions import ClientError

from shared.aws import error_code, permitted
from shared.labels_table import Item, labels
from shared.settings import setting

# A run's own record tells more than its status, and a later record (of a redrive) replaces an earlier one.
RECORD_WINS = "attribute_not_exists(image_id) OR recorded_at <= :recorded OR (bare = :bare AND outcome = :outcome)"
STATUS_ADDS = "attribute_not_exists(image_id) OR (recorded_at < :recorded AND outcome <> :outcome)"


def keep(item: Item) -> bool:
    """Write the item unless the table knows more already; return whether it was written."""
    bare = "bare" in item
    values = {":recorded": item["recorded_at"], ":outcome": item["outcome"]} | ({} if bare else {":bare": True})
    try:
        with permitted("dynamodb:PutItem", f"table/{setting('TABLE_NAME')}"):
            labels().put_item(
                Item=item,
                ConditionExpression=STATUS_ADDS if bare else RECORD_WINS,
                ExpressionAttributeValues=values,
            )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return False
    return True
