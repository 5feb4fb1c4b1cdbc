"""SQS queues: those that a function consumes, and dead-letter queues."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.lambda_function import TIMEOUT
from infra.nag import acknowledge

# SQS keeps a message for at most 14 days.
RETENTION = Duration.days(14)
MAX_RECEIVE_COUNT = 5
# AWS: at least six times the function's timeout and the batching window, or SQS may deliver a batch again while the
# function has it (docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
TIMEOUTS = 6


def dead_letter_queue(
    scope: Construct, name: str, *, removal_policy: RemovalPolicy = RemovalPolicy.DESTROY
) -> sqs.Queue:
    queue = sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        removal_policy=removal_policy,
        retention_period=RETENTION,
    )
    reason = "It is a dead-letter queue; an alarm watches it."
    acknowledge(queue, "Serverless::Serverless-SQSRedrivePolicy", because=reason)
    return queue


def consumed_queue(
    scope: Construct,
    name: str,
    dead_letters: sqs.Queue,
    *,
    removal_policy: RemovalPolicy,
    window: Duration | None = None,
) -> sqs.Queue:
    """Make a queue for a function; a message that fails MAX_RECEIVE_COUNT times goes to `dead_letters`.

    `window` is the batching window of the function's event source.
    """
    waits = window.to_seconds() if window else 0
    return sqs.Queue(
        scope,
        name,
        dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=MAX_RECEIVE_COUNT, queue=dead_letters),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        removal_policy=removal_policy,
        retention_period=RETENTION,
        visibility_timeout=Duration.seconds(TIMEOUTS * TIMEOUT.to_seconds() + waits),
    )
