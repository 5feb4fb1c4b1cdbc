"""The claims table: the execution that labels a version, and a photo's last removal."""

import time
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.environment import ClaimsTable

# S3 retries its delivery to EventBridge for up to 24 hours, and EventBridge its delivery to a target for another 24
# (docs.aws.amazon.com/eventbridge: ref/event-delivery-level.html, userguide/eb-rule-retry-policy.html).
WINDOW_SECONDS = 3 * 24 * 3600


class Version(NamedTuple):
    """One version of one photo."""

    bucket: str
    key: str
    version: str


def lifetime() -> dict[str, int]:
    """Return the attribute after which DynamoDB deletes an item (Time to Live), in seconds since 1970."""
    return {"expires_at": int(time.time()) + WINDOW_SECONDS}


def claim(version: Version, execution: str, *, instead_of: str | None = None) -> str:
    """Claim a version for `execution` (an ARN) unless another one has it; return the ARN of the one that has it.

    The claim of `instead_of` is taken over. Raises what `aws_call` raises.
    """
    until = str(lifetime()["expires_at"])
    try:
        with aws_call("dynamodb:PutItem", _arn()):
            client("dynamodb").put_item(
                TableName=ClaimsTable.from_environ().claims_table_name,
                Item={"id": {"S": _id(version)}, "execution": {"S": execution}, "expires_at": {"N": until}},
                ConditionExpression="attribute_not_exists(id) OR #execution IN (:execution, :instead)",
                ExpressionAttributeNames={"#execution": "execution"},
                ExpressionAttributeValues={":execution": {"S": execution}, ":instead": {"S": instead_of or execution}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        held: dict[str, Any] = error.response["Item"]  # type: ignore[typeddict-item]  # the stub does not know it
        return str(held["execution"]["S"])
    return execution


def _id(version: Version) -> str:
    # A removal has the id bucket/key, and no bucket's name contains `#`.
    return f"VERSION#{version.version}#{version.bucket}/{version.key}"


def _arn() -> str:
    return f"table/{ClaimsTable.from_environ().claims_table_name}"
