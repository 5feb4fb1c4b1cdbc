"""How people and the audit trail hear of an execution's end."""

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


def audit_trail(scope: Construct, dead_letters: sqs.Queue, *, removal_policy: RemovalPolicy) -> sqs.Queue:
    return sqs.Queue(
        scope,
        "AuditTrail",
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=DELIVERIES, queue=dead_letters),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        removal_policy=removal_policy,
        retention_period=LONGEST,
    )


def reports_topic(scope: Construct, *, email: str) -> sns.Topic:
    """Make the topic that reports go to, with a subscription (to be confirmed by mail) when there is an address."""
    key = kms.Alias.from_alias_name(scope, "SnsKey", "alias/aws/sns")
    topic = sns.Topic(scope, "Reports", display_name="Image Labels", enforce_ssl=True, master_key=key)
    if email:
        subscribe(topic, email)
    return topic


def subscribe(topic: sns.Topic, email: str) -> None:
    """Add a person to a topic; SNS asks them by mail to confirm."""
    topic.add_subscription(subscriptions.EmailSubscription(email))
    reason = "A person's mailbox: SNS keeps trying for an hour, and the audit trail has every report's outcome."
    acknowledge(topic, "Serverless::Serverless-SNSRedrivePolicy", because=reason)
