"""Batching windows, and waiting for a free function: the emulator knows neither."""

import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc, sqs, stepfunctions

Receiver = Callable[[str, int], list[dict[str, Any]]]
# Lambda gathers all that came within the window that the first message opened, and so it is done for this queue;
# in the others each message waits for all of the window, which keeps what is in them readable for as long.
GATHERED = "ReportsQueue"
# The emulator's own limit, in messages, for one look at a queue.
MOST_AT_ONCE = 10
# So long after the last report, and with no execution running, nobody uploads a folder any more.
QUIET_SECONDS = 2
# The name that the emulator gives to the threads of its mappings.
POLLER = "ministack-esm"
# A queue keeps a message invisible for six times what its function may take: one of them is for waiting.
SHARE_FOR_WAITING = 6
# Less than what any state's timeout leaves over its function's.
SECONDS_TO_SPARE = 10


def wait_for_batches() -> None:
    """Let a message wait for a batch as long as the queue's mapping says.

    Reports wait only while photos are on their way, so that nobody at a laptop waits a minute for the mail of one.
    """
    receive = sqs._receive_messages_for_esm  # noqa: SLF001  # the emulator has no hook

    def receive_when_due(queue_url: str, batch_size: int) -> list[dict[str, Any]]:
        queue, now = sqs._queues.get(queue_url) or {"messages": []}, time.time()  # noqa: SLF001
        waiting = [one for one in list(queue["messages"]) if one["visible_at"] <= now]
        due = [one for one in waiting if one["sent_at"] + _window(queue) <= now]
        if GATHERED not in queue_url:
            return receive(queue_url, min(batch_size, len(due))) if due else []
        closed = due or len(waiting) >= batch_size or _quiet(waiting, now)
        return _by_tens(receive, queue_url, min(batch_size, len(waiting))) if closed else []

    sqs._receive_messages_for_esm = receive_when_due  # noqa: SLF001


def wait_for_a_free_function() -> None:
    """Let an invocation wait for one of the few functions here, which the emulator refuses; AWS has a thousand."""
    execute = lambda_svc._execute_function  # noqa: SLF001  # the emulator has no hook
    free = threading.BoundedSemaphore(lambda_svc._ACCOUNT_CONCURRENCY_CAP)  # noqa: SLF001

    def execute_when_free(function: dict[str, Any], event: Any) -> dict[str, Any]:
        if not free.acquire(timeout=_patience(event)):
            # Asking the emulator all the same could take the function of one who was in the line before.
            return _refusal()
        try:
            answer: dict[str, Any] = execute(function, event)
            return answer
        finally:
            free.release()

    lambda_svc._execute_function = execute_when_free  # noqa: SLF001


def _refusal() -> dict[str, Any]:
    reason, sentence = "ConcurrentInvocationLimitExceeded", "Rate Exceeded: every function of this machine is busy"
    answer: dict[str, Any] = lambda_svc._throttle_response(reason_code=reason, msg=sentence)  # noqa: SLF001
    return answer


def _patience(event: Any) -> float:
    """Return for how many seconds an invocation may wait: a queue's, for a sixth of its visibility timeout."""
    if threading.current_thread().name != POLLER:
        return SECONDS_TO_SPARE
    arn = event["Records"][0]["eventSourceARN"]
    (queue,) = [one for one in sqs._queues.all_values() if one["attributes"]["QueueArn"] == arn]  # noqa: SLF001
    return int(queue["attributes"]["VisibilityTimeout"]) / SHARE_FOR_WAITING


def _quiet(waiting: list[dict[str, Any]], now: float) -> bool:
    executions = stepfunctions._executions.all_values()  # noqa: SLF001
    return all(one["sent_at"] + QUIET_SECONDS <= now for one in waiting) and not any(
        one["status"] == "RUNNING" for one in executions
    )


def _by_tens(receive: Receiver, queue_url: str, count: int) -> list[dict[str, Any]]:
    sizes = [MOST_AT_ONCE] * (count // MOST_AT_ONCE) + [count % MOST_AT_ONCE]
    return [message for size in sizes if size for message in receive(queue_url, size)]


def _window(queue: dict[str, Any]) -> int:
    """Return the longest batching window, in seconds, of the mappings that read a queue."""
    arn, mappings = queue["attributes"]["QueueArn"], lambda_svc._iter_all_esms()  # noqa: SLF001
    return max(
        (one["MaximumBatchingWindowInSeconds"] for *_, one in mappings if one["EventSourceArn"] == arn), default=0
    )
