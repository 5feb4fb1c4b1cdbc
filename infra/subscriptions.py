"""E-mail subscriptions of SNS topics."""

from collections.abc import Sequence

from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from infra.acknowledgement import acknowledge

REDRIVE = "SNS retries a mailbox for an hour; the audit trail has the outcome of each report."


def subscribe(topic: sns.Topic, email: str, *, outcomes: Sequence[str] = ()) -> None:
    """Subscribe an address to a topic, for these outcomes or for all; SNS asks it by mail to confirm."""
    only = {"outcome": sns.SubscriptionFilter.string_filter(allowlist=outcomes)} if outcomes else None
    topic.add_subscription(subscriptions.EmailSubscription(email, filter_policy=only))
    acknowledge(topic, "Serverless::Serverless-SNSRedrivePolicy", because=REDRIVE)
