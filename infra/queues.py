"""How people and the audit trail hear of an execution's end."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledgement import acknowledge

# SQS keeps a message for at most 14 days.
LONGEST = Duration.days(14)
DELIVERIES = 5
# AWS: at least six times the function's timeout, or a batch may come again while it is still worked on.
VISIBILITY = Duration.minutes(3)


def dead_letter_queue(
    scope: Construct, name: str, *, removal_policy: RemovalPolicy = RemovalPolicy.DESTROY
) -> sqs.Queue:
    queue = sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        removal_policy=removal_policy,
        retention_period=LONGEST,
    )
    reason = "It is itself where dead letters go; an alarm watches it."
    acknowledge(queue, "Serverless::Serverless-SQSRedrivePolicy", because=reason)
    return queue


def worked_queue(
    scope: Construct,
    name: str,
    dead_letters: sqs.Queue,
    *,
    removal_policy: RemovalPolicy,
    visibility: Duration = VISIBILITY,
) -> sqs.Queue:
    """Make a queue that a function works through; what fails DELIVERIES times goes to `dead_letters`."""
    return sqs.Queue(
        scope,
        name,
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=DELIVERIES, queue=dead_letters),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        removal_policy=removal_policy,
        retention_period=LONGEST,
        visibility_timeout=visibility,
    )


def reports_topic(scope: Construct, key: kms.IKey) -> sns.Topic:
    """Make the topic where machines hear of each execution's end."""
    return sns.Topic(scope, "Reports", display_name="Image Labels", enforce_ssl=True, master_key=key)


def sns_key(scope: Construct) -> kms.IKey:
    """Return the key that AWS manages for SNS."""
    return kms.Alias.from_alias_name(scope, "SnsKey", "alias/aws/sns")


def subscribe(topic: sns.Topic, email: str, *, outcomes: Sequence[str] = ()) -> None:
    """Add a person to a topic, for these outcomes or for all; SNS asks them by mail to confirm."""
    only = {"outcome": sns.SubscriptionFilter.string_filter(allowlist=outcomes)} if outcomes else None
    topic.add_subscription(subscriptions.EmailSubscription(email, filter_policy=only))
    reason = "A person's mailbox: SNS keeps trying for an hour, and the audit trail has every report's outcome."
    acknowledge(topic, "Serverless::Serverless-SNSRedrivePolicy", because=reason)
