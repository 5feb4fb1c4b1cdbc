import threading
from typing import Any

from ministack.services import lambda_svc, sqs

# The emulator's name for the thread that polls the queues of event source mappings.
POLLER = "ministack-esm"
# A queue's visibility timeout is six times its function's timeout (infra sets it so): an invocation may wait for one.
VISIBILITY_SHARE = 6
# Less than what each state's timeout exceeds its function's timeout by; a test compares them.
STATE_WAIT_SECONDS = 10


def apply() -> None:
    """Let an invocation wait until a function is free.

    AWS: 1,000 functions of an account may run at a time; at this size nothing is throttled.
    The emulator: it throttles what exceeds the few functions that this machine runs (LAMBDA_ACCOUNT_CONCURRENCY).
    With this, an invocation waits for STATE_WAIT_SECONDS, a queue's for a part of its visibility timeout, and is
    throttled afterwards.
    Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    execute = lambda_svc._execute_function  # noqa: SLF001  # every invocation passes through it
    free = threading.BoundedSemaphore(lambda_svc._ACCOUNT_CONCURRENCY_CAP)  # noqa: SLF001

    def execute_when_free(function: dict[str, Any], event: Any) -> dict[str, Any]:
        if not free.acquire(timeout=_wait_seconds(event)):
            # The emulator is not called: it could give this invocation a function that another one waits for.
            return _throttled()
        try:
            result: dict[str, Any] = execute(function, event)
            return result
        finally:
            free.release()

    lambda_svc._execute_function = execute_when_free  # noqa: SLF001


def _throttled() -> dict[str, Any]:
    reason, message = "ConcurrentInvocationLimitExceeded", "Rate Exceeded: every function of this machine is busy"
    response: dict[str, Any] = lambda_svc._throttle_response(reason_code=reason, msg=message)  # noqa: SLF001
    return response


def _wait_seconds(event: Any) -> float:
    """Return for how many seconds an invocation may wait."""
    if threading.current_thread().name != POLLER:
        return STATE_WAIT_SECONDS
    arn = event["Records"][0]["eventSourceARN"]
    (queue,) = [queue for queue in sqs._queues.all_values() if queue["attributes"]["QueueArn"] == arn]  # noqa: SLF001
    return int(queue["attributes"]["VisibilityTimeout"]) / VISIBILITY_SHARE
