import time
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc, sqs, stepfunctions

Message = dict[str, Any]
Receiver = Callable[[str, int], list[Message]]
# Messages of this queue are gathered as on AWS. In the other queues each message waits for its own window, so that a
# test or a person can read it in the queue for that long.
GATHERED_QUEUE = "ReportsQueue"
# How many messages the emulator receives from a queue in one call.
RECEIVE_LIMIT = 10
# When no execution runs and no report came for this long, the batch is sent before its window ends.
QUIET_SECONDS = 2


def apply() -> None:
    """Let an event source mapping wait for its batching window.

    AWS: Lambda gathers messages until MaximumBatchingWindowInSeconds after the first one, or until the batch is full.
    The emulator: it invokes the function with the first message.
    Unlike on AWS, reports wait only while an execution runs: a person who labels one photo does not wait a minute.
    Source: docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
    """
    receive = sqs._receive_messages_for_esm  # noqa: SLF001  # every mapping receives through it

    def receive_when_due(queue_url: str, batch_size: int) -> list[Message]:
        queue, now = sqs._queues.get(queue_url) or {"messages": []}, time.time()  # noqa: SLF001
        visible = [message for message in list(queue["messages"]) if message["visible_at"] <= now]
        due = [message for message in visible if message["sent_at"] + _window(queue) <= now]
        if GATHERED_QUEUE not in queue_url:
            return receive(queue_url, min(batch_size, len(due))) if due else []
        complete = due or len(visible) >= batch_size or _quiet(visible, now)
        return _receive_all(receive, queue_url, min(batch_size, len(visible))) if complete else []

    sqs._receive_messages_for_esm = receive_when_due  # noqa: SLF001


def _quiet(messages: list[Message], now: float) -> bool:
    executions = stepfunctions._executions.all_values()  # noqa: SLF001
    return all(message["sent_at"] + QUIET_SECONDS <= now for message in messages) and not any(
        execution["status"] == "RUNNING" for execution in executions
    )


def _receive_all(receive: Receiver, queue_url: str, count: int) -> list[Message]:
    sizes = [RECEIVE_LIMIT] * (count // RECEIVE_LIMIT) + [count % RECEIVE_LIMIT]
    return [message for size in sizes if size for message in receive(queue_url, size)]


def _window(queue: dict[str, Any]) -> int:
    """Return the longest batching window, in seconds, of the mappings that read a queue."""
    arn, mappings = queue["attributes"]["QueueArn"], lambda_svc._iter_all_esms()  # noqa: SLF001
    windows = [
        mapping["MaximumBatchingWindowInSeconds"] for *_scope, mapping in mappings if mapping["EventSourceArn"] == arn
    ]
    return max(windows, default=0)
