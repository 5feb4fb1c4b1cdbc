"""A function that works through a queue: messages that fail come again alone, and at last go to the dead letters."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra.acknowledgement import acknowledge
from infra.lambda_function import LambdaFunction

BATCH = 10
DESTINATION = "A queue's failed messages go to its own dead letters; destinations are for streams."


def work_through(
    step: LambdaFunction,
    queue: sqs.Queue,
    *,
    batch_size: int = BATCH,
    window: Duration | None = None,
    max_concurrency: int | None = None,
) -> None:
    """Feed `step` from `queue`, and let its role read it."""
    step.allow("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", on=[queue.queue_arn])
    mapping = lambda_.EventSourceMapping(
        step,
        "Messages",
        batch_size=batch_size,
        event_source_arn=queue.queue_arn,
        max_batching_window=window,
        max_concurrency=max_concurrency,
        report_batch_item_failures=True,
        target=step.function,
    )
    acknowledge(mapping, "Serverless::Serverless-LambdaEventSourceMappingDestination", because=DESTINATION)
