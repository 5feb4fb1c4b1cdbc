"""A queue as the event source of a function: only messages that failed come again, and at last are dead letters."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra.lambda_function import LambdaFunction
from infra.nag import acknowledge

BATCH = 10
DESTINATION = "Failed messages go to the queue's own dead-letter queue; destinations are for streams."


def consume(
    function: LambdaFunction,
    queue: sqs.Queue,
    *,
    batch_size: int = BATCH,
    window: Duration | None = None,
    max_concurrency: int | None = None,
) -> None:
    """Invoke `function` with messages of `queue`, and allow its role to receive and delete them."""
    function.allow("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", on=[queue.queue_arn])
    mapping = lambda_.EventSourceMapping(
        function,
        "Messages",
        batch_size=batch_size,
        event_source_arn=queue.queue_arn,
        max_batching_window=window,
        max_concurrency=max_concurrency,
        report_batch_item_failures=True,
        target=function.function,
    )
    acknowledge(mapping, "Serverless::Serverless-LambdaEventSourceMappingDestination", because=DESTINATION)
