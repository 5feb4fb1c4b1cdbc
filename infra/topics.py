"""SNS topics and their e-mail subscriptions."""

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.nag import acknowledge

REDRIVE = "SNS retries a mailbox for an hour; the audit trail has the outcome of each report."


def topic(scope: Construct, name: str, *, key: kms.IKey, display_name: str = "Image Labels") -> sns.Topic:
    """Make a topic that `key` encrypts and that refuses plain HTTP; mail comes from `display_name`."""
    return sns.Topic(scope, name, display_name=display_name, enforce_ssl=True, master_key=key)


def subscribe(topic: sns.Topic, email: str, *, outcomes: Sequence[str] = ()) -> None:
    """Subscribe an address to a topic, for these outcomes or for all; SNS asks it by mail to confirm."""
    only = {"outcome": sns.SubscriptionFilter.string_filter(allowlist=outcomes)} if outcomes else None
    topic.add_subscription(subscriptions.EmailSubscription(email, filter_policy=only))
    acknowledge(topic, "Serverless::Serverless-SNSRedrivePolicy", because=REDRIVE)
