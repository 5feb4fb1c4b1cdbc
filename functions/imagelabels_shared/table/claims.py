"""The small table beside the labels: who labels a version, and when a photo's labels were last removed."""

import time
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.environment import ClaimsTable

# S3 may need a day to hand over an event, and EventBridge another day to deliver it (FACTS: their retry policies).
WINDOW_SECONDS = 3 * 24 * 3600


class Version(NamedTuple):
    """One version of one photo."""

    bucket: str
    key: str
    version: str


def lifetime() -> dict[str, int]:
    """Return the attribute by which DynamoDB forgets an item, in seconds since 1970."""
    return {"expires_at": int(time.time()) + WINDOW_SECONDS}


def claim(version: Version, execution: str) -> str:
    """Let `execution` label a version unless another one does already; return the ARN of the one that does.

    Raises what `aws_call` raises.
    """
    until = str(lifetime()["expires_at"])
    try:
        with aws_call("dynamodb:PutItem", _arn()):
            client("dynamodb").put_item(
                TableName=ClaimsTable.from_environ().claims_table_name,
                Item={"id": {"S": _id(version)}, "execution": {"S": execution}, "expires_at": {"N": until}},
                ConditionExpression="attribute_not_exists(id) OR #execution = :execution",
                ExpressionAttributeNames={"#execution": "execution"},
                ExpressionAttributeValues={":execution": {"S": execution}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        held: dict[str, Any] = error.response["Item"]  # type: ignore[typeddict-item]  # the stub does not know it
        return str(held["execution"]["S"])
    return execution


def _id(version: Version) -> str:
    # No bucket has this name, so it is never the mark of a photo, which is bucket/key.
    return f"VERSION#{version.version}#{version.bucket}/{version.key}"


def _arn() -> str:
    return f"table/{ClaimsTable.from_environ().claims_table_name}"
