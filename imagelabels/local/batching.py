"""A correction: the emulator hands messages to a function at once, by tens, whatever the batching window."""

import time
from typing import Any

from ministack.services import lambda_svc, sqs

# Lambda's limit for the payload of one invocation (6 MB), less what surrounds each message.
MOST_BYTES = 5_000_000
MOST_AT_ONCE = 10
Message = dict[str, Any]


def keep_windows() -> None:
    """Make an event source mapping wait for its window, a full batch or a full payload, as Lambda does."""
    receive = sqs._receive_messages_for_esm  # noqa: SLF001  # the emulator has no hook; a test holds it to this

    def receive_batch(queue_url: str, batch_size: int) -> list[Message]:
        if not _due(queue_url, batch_size):
            return []
        batch: list[Message] = []
        while len(batch) < batch_size and _bytes(batch) < MOST_BYTES:
            some = receive(queue_url, min(MOST_AT_ONCE, batch_size - len(batch)))
            if not some:
                break
            batch += some
        return batch

    sqs._receive_messages_for_esm = receive_batch  # noqa: SLF001


def _due(queue_url: str, batch_size: int) -> bool:
    queue, now = sqs._queues[queue_url], time.time()  # noqa: SLF001
    waiting = [message for message in list(queue["messages"]) if message["visible_at"] <= now]
    if not waiting:
        return True
    full = len(waiting) >= batch_size or _bytes(waiting) >= MOST_BYTES
    return full or min(message["sent_at"] for message in waiting) + _window(queue) <= now


def _window(queue: dict[str, Any]) -> float:
    source = queue["attributes"]["QueueArn"]
    mappings = (one for _account, _region, one in lambda_svc._iter_all_esms())  # noqa: SLF001
    windows = (one["MaximumBatchingWindowInSeconds"] for one in mappings if one["EventSourceArn"] == source)
    return float(next(windows, 0))


def _bytes(messages: list[Message]) -> int:
    return sum(len(message["body"].encode()) for message in messages)
