import json
from typing import Any

from ministack.core import iam_actions


def apply() -> None:
    """Let a policy limit the items of a table by `dynamodb:LeadingKeys`, the partition key that a request names.

    AWS: the key is in the context of each request for an item. The emulator: it is not, and ForAllValues then allows
    every item.
    Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    """
    of_request = iam_actions.dynamodb_service_context

    def with_leading_keys(body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = of_request(body)
        keys = _partition_key(body)
        return {**context, "dynamodb:LeadingKeys": keys} if keys else context

    iam_actions.dynamodb_service_context = with_leading_keys


def _partition_key(body: bytes) -> list[str]:
    try:
        key = json.loads(body).get("Key", {})
    except (ValueError, AttributeError):
        return []
    # Only the table with a partition key alone has a policy like this.
    return [str(value) for typed in key.values() for value in typed.values()] if len(key) == 1 else []
