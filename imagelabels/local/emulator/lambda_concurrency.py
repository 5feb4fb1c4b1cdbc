import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc, sqs, stepfunctions

# The emulator's name for the thread that polls the queues of event source mappings.
POLLER = "ministack-esm"
# A queue's visibility timeout is six times its function's timeout (infra sets it so): an invocation may wait for one.
VISIBILITY_SHARE = 6
CALLER_WAIT_SECONDS = 10
# Of the functions, for queues: behind a long line of states their messages would become dead letters.
KEPT_FOR_QUEUES = 2
# In the ARN of a state's Resource that invokes a function.
LAMBDA = "lambda"


Execute = Callable[[dict[str, Any], Any], dict[str, Any]]
# Whether this context, or the one that it was copied from, has a function to itself.
HAS_FUNCTION: ContextVar[bool] = ContextVar("HAS_FUNCTION", default=False)


def apply() -> None:
    """Let an invocation wait until a function is free.

    AWS: 1,000 functions of an account may run at a time; at this size nothing is throttled.
    The emulator: it throttles what exceeds the few functions that this machine runs (LAMBDA_ACCOUNT_CONCURRENCY).
    With this, a state waits for as long as it takes, before its TimeoutSeconds begins; a queue's invocation for a part
    of its visibility timeout and any other for CALLER_WAIT_SECONDS, and is throttled afterwards.
    Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    # Every invocation passes through it.
    execute: Execute = lambda_svc._execute_function  # noqa: SLF001
    free = threading.BoundedSemaphore(lambda_svc._ACCOUNT_CONCURRENCY_CAP)  # noqa: SLF001

    def execute_when_free(function: dict[str, Any], event: Any) -> dict[str, Any]:
        if HAS_FUNCTION.get():
            return execute(function, event)
        if not free.acquire(timeout=_wait_seconds(event)):
            # The emulator is not called: it could give this invocation a function that another one waits for.
            return _throttled()
        try:
            return execute(function, event)
        finally:
            free.release()

    lambda_svc._execute_function = execute_when_free  # noqa: SLF001
    _let_states_wait(free)


def _let_states_wait(free: threading.Semaphore) -> None:
    """Let a state have a function before its time begins, until the function ends, which may be after that time."""
    line = threading.BoundedSemaphore(max(1, lambda_svc._ACCOUNT_CONCURRENCY_CAP - KEPT_FOR_QUEUES))  # noqa: SLF001
    invoke, begin = stepfunctions._invoke_resource, stepfunctions._invoke_resource_with_timeout  # noqa: SLF001

    def begin_when_free(resource: str, parameters: Any, timeout: float) -> Any:
        if LAMBDA not in resource:
            return begin(resource, parameters, timeout)
        line.acquire()
        free.acquire()
        before = HAS_FUNCTION.set(True)
        try:
            return begin(resource, parameters, timeout)
        finally:
            HAS_FUNCTION.reset(before)

    def invoke_and_release(resource: str, parameters: Any) -> Any:
        try:
            return invoke(resource, parameters)
        finally:
            if HAS_FUNCTION.get():
                free.release()
                line.release()

    stepfunctions._invoke_resource = invoke_and_release  # noqa: SLF001
    stepfunctions._invoke_resource_with_timeout = begin_when_free  # noqa: SLF001


def _throttled() -> dict[str, Any]:
    reason, message = "ConcurrentInvocationLimitExceeded", "Rate Exceeded: every function of this machine is busy"
    response: dict[str, Any] = lambda_svc._throttle_response(reason_code=reason, msg=message)  # noqa: SLF001
    return response


def _wait_seconds(event: Any) -> float:
    """Return for how many seconds an invocation may wait."""
    if threading.current_thread().name != POLLER:
        return CALLER_WAIT_SECONDS
    arn = event["Records"][0]["eventSourceARN"]
    (queue,) = [queue for queue in sqs._queues.all_values() if queue["attributes"]["QueueArn"] == arn]  # noqa: SLF001
    return int(queue["attributes"]["VisibilityTimeout"]) / VISIBILITY_SHARE
