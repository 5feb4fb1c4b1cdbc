"""Where the emulator is wrong about AWS, and what we change in it; a test fails when a change is lost."""

import functools
import json
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import eventbridge, lambda_svc, sqs, stepfunctions

Receiver = Callable[[str, int], list[dict[str, Any]]]


def let_wildcards_match_line_breaks() -> None:
    """Make `*` in a policy's ARN match any character: a key may contain a line break, and IAM does not mind."""
    compile_pattern = iam_evaluator._fnmatch_compile  # noqa: SLF001  # the one place where patterns are made

    @functools.cache
    def compile_with_line_breaks(pattern: str, ignore_case: bool) -> re.Pattern[str]:  # noqa: FBT001  # its signature
        compiled = compile_pattern(pattern, ignore_case)
        return re.compile(compiled.pattern, compiled.flags | re.DOTALL)

    iam_evaluator._fnmatch_compile = compile_with_line_breaks  # noqa: SLF001


def name_throttles() -> None:
    """Name what Step Functions gets when too many functions run at once: without a name, no Retry matches it."""
    plain = lambda_svc._throttle_response  # noqa: SLF001  # the one place where throttles are made

    def with_name(*arguments: Any, **named: Any) -> dict[str, Any]:
        answer: dict[str, Any] = plain(*arguments, **named)
        answer["body"] |= {"errorType": "Lambda.TooManyRequestsException", "errorMessage": answer["body"]["message"]}
        return answer

    lambda_svc._throttle_response = with_name  # noqa: SLF001


def name_executions() -> None:
    """Name executions that a rule starts as EventBridge does, with the event's id and a UUID: the emulator has one."""

    def start(machine: str, payload: str) -> None:
        if stepfunctions._resolve_state_machine_arn(machine) is not None:  # noqa: SLF001  # the emulator has no hook
            name = f"{json.loads(payload)['id']}_{uuid.uuid4()}"
            stepfunctions._start_execution(  # noqa: SLF001
                {"stateMachineArn": machine, "input": payload, "name": name}
            )

    eventbridge._dispatch_to_stepfunctions = start  # noqa: SLF001


# Lambda gathers all that came within the window that the first message opened, and so it is done for this queue;
# in the others each message waits for all of the window, which keeps what is in them readable for as long.
GATHERED = "ReportsQueue"
# The emulator's own limit for one look at a queue.
MOST_AT_ONCE = 10


def wait_for_batches() -> None:
    """Let a message wait for a batch as long as the queue's mapping says; the emulator hands over at once, by tens."""
    receive = sqs._receive_messages_for_esm  # noqa: SLF001  # the emulator has no hook

    def receive_when_due(queue_url: str, batch_size: int) -> list[dict[str, Any]]:
        queue, now = sqs._queues.get(queue_url) or {"messages": []}, time.time()  # noqa: SLF001
        waiting = [one for one in list(queue["messages"]) if one["visible_at"] <= now]
        due = [one for one in waiting if one["sent_at"] + _window(queue) <= now]
        if GATHERED not in queue_url:
            return receive(queue_url, min(batch_size, len(due))) if due else []
        full = len(waiting) >= batch_size
        return _by_tens(receive, queue_url, min(batch_size, len(waiting))) if due or full else []

    sqs._receive_messages_for_esm = receive_when_due  # noqa: SLF001


def _by_tens(receive: Receiver, queue_url: str, count: int) -> list[dict[str, Any]]:
    sizes = [MOST_AT_ONCE] * (count // MOST_AT_ONCE) + [count % MOST_AT_ONCE]
    return [message for size in sizes if size for message in receive(queue_url, size)]


def _window(queue: dict[str, Any]) -> int:
    """Return the longest batching window, in seconds, of the mappings that read a queue."""
    arn, mappings = queue["attributes"]["QueueArn"], lambda_svc._iter_all_esms()  # noqa: SLF001
    return max(
        (one["MaximumBatchingWindowInSeconds"] for *_, one in mappings if one["EventSourceArn"] == arn), default=0
    )
