"""Lambdas that are no states: they work through a queue, and hand back only the messages that failed."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from imagelabels_shared.observability import flush, logger

Work = Callable[[Any, SQSRecord], None]
Batch = Callable[[Any, Any], dict[str, Any]]


def each_message(work: Work) -> Batch:
    """Make a Lambda handler that does `work` for each SQS message; a message whose work raises comes again."""

    def handler(event: Any, context: Any) -> dict[str, Any]:
        observed: Batch = logger().inject_lambda_context(batch, clear_state=True)
        try:
            return observed(event, context)
        finally:
            flush()

    def batch(event: Any, context: Any) -> dict[str, Any]:
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        answer = process_partial_response(
            event=event, record_handler=lambda record: _one(work, record), processor=processor, context=context
        )
        return dict(answer)

    return handler


def _one(work: Work, record: SQSRecord) -> None:
    logger().append_keys(message=record.message_id, receive_count=record.attributes.approximate_receive_count)
    try:
        work(record.json_body, record)
    except Exception as error:
        logger().warning("Message failed", error=type(error).__name__, cause=str(error))
        raise
    logger().info("Message done")
