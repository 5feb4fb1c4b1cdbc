"""Lambda functions that SQS invokes; they report the messages that failed, and SQS delivers only those again."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from imagelabels_shared.observability import logger

Work = Callable[[Any, SQSRecord], None]
Batch = Callable[[Any, Any], dict[str, Any]]


def each_message(work: Work) -> Batch:
    """Make a Lambda handler that calls `work` with each message's JSON and record.

    SQS delivers a message again when `work` raises.
    """

    def handler(event: Any, context: Any) -> dict[str, Any]:
        observed: Batch = logger().inject_lambda_context(batch, clear_state=True)
        return observed(event, context)

    def batch(event: Any, _context: Any) -> dict[str, Any]:
        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        answer = process_partial_response(
            event=event, record_handler=lambda record: _work_on(work, record), processor=processor
        )
        return dict(answer)

    return handler


def _work_on(work: Work, record: SQSRecord) -> None:
    before = set(logger().get_current_keys())
    logger().append_keys(message_id=record.message_id, receive_count=record.attributes.approximate_receive_count)
    try:
        work(record.json_body, record)
    except Exception as error:
        logger().warning("Message failed", error=type(error).__name__, cause=str(error))
        raise
    else:
        logger().info("Message done")
    finally:
        # What `work` says of one message is not said of the next one of the batch.
        logger().remove_keys(set(logger().get_current_keys()) - before)
