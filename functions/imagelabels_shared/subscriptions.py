"""The e-mail subscriptions of an SNS topic: who has confirmed, and what to do about who gets nothing.

SNS deletes a subscription that is not confirmed within 48 hours, and one whose owner follows the link Unsubscribe.
CloudFormation notices neither.
"""

import re
from collections.abc import Mapping
from typing import Any

EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")


def at_sns(sns: Any, topic_arn: str) -> dict[str, bool]:
    """Return each endpoint that SNS has for a topic, an address or the ARN of a queue, and whether it is confirmed."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    found = [subscription for page in pages for subscription in page["Subscriptions"]]
    # Instead of an ARN SNS has a word for those that nobody has confirmed, and for those that are deleted.
    return {one["Endpoint"]: one["SubscriptionArn"].startswith("arn:") for one in found}


def confirmed(address: str, found: Mapping[str, bool]) -> bool | None:
    """Return whether an address has confirmed, None when SNS does not have it; `found` is from `at_sns`."""
    known = [state for endpoint, state in found.items() if same(endpoint, address)]
    return any(known) if known else None


def same(address: str, other: str) -> bool:
    """Whether two addresses are one: SNS may write an address in another case than the settings."""
    return address.casefold() == other.casefold()


def advice(address: str, topic: str, *, pending: bool) -> str:
    """Return the sentence about an address that does not get the topic; `pending` while SNS waits for it to confirm."""
    if pending:
        link = "follow the link in SNS's mail"
        return f"{address} has not confirmed {topic}: {link}, or `imagelabels subscribe {address}`"
    return (
        f"{address} does not get {topic} any more: it did not confirm within 48 hours, or unsubscribed. "
        f"Run `imagelabels subscribe {address}`"
    )
