"""An invocation waits for a free function, which is not needed on AWS; one that waited too long is throttled."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import lambda_svc, sqs, stepfunctions

from imagelabels.local.emulator import lambda_concurrency

QUEUE = {"attributes": {"QueueArn": "arn:queue", "VisibilityTimeout": "180"}}
EVENT = {"Records": [{"eventSourceARN": "arn:queue"}]}
THROTTLED: dict[str, Any] = {"throttle": True, "error": True}
DONE: dict[str, Any] = {"body": "done"}
WITH_TIMEOUT = stepfunctions._invoke_resource_with_timeout  # noqa: SLF001  # other tests correct the emulator
# Far longer than a test takes: it fails instead of hanging.
TIMEOUT_SECONDS = 10


class OneFunction:
    """An emulator with one function, which runs until `finish`; every other invocation meanwhile is throttled."""

    def __init__(self) -> None:
        self.calls = 0
        self.started, self.finish = threading.Event(), threading.Event()
        self._free = threading.Lock()

    def execute(self, _function: Any, _event: Any) -> dict[str, Any]:
        self.calls += 1
        if not self._free.acquire(blocking=False):
            return THROTTLED
        self.started.set()
        assert self.finish.wait(TIMEOUT_SECONDS)
        self._free.release()
        return DONE


class Semaphore(threading.BoundedSemaphore):
    """Calls `waiting` when an invocation begins to wait."""

    waiting = staticmethod(lambda: None)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002  # its signature
        if super().acquire(blocking=False):
            return True
        self.waiting()
        return super().acquire(blocking, timeout)


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> OneFunction:
    function = OneFunction()
    monkeypatch.setattr(lambda_svc, "_ACCOUNT_CONCURRENCY_CAP", 1)
    monkeypatch.setattr(lambda_svc, "_execute_function", function.execute)
    monkeypatch.setattr(sqs, "_queues", SimpleNamespace(all_values=lambda: [QUEUE]))
    monkeypatch.setattr(threading, "BoundedSemaphore", Semaphore)
    lambda_concurrency.apply()
    return function


def invoke() -> dict[str, Any]:
    result: dict[str, Any] = lambda_svc._execute_function({}, EVENT)  # noqa: SLF001
    return result


@contextmanager
def running(function: OneFunction) -> Iterator[Future[dict[str, Any]]]:
    """Run the function for the block, and let it finish afterwards at the latest."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(invoke)
        assert function.started.wait(TIMEOUT_SECONDS)
        try:
            yield first
        finally:
            function.finish.set()


@pytest.mark.parametrize("thread", ["a caller", lambda_concurrency.POLLER])
def test_an_invocation_waits_until_the_function_is_free(
    function: OneFunction, thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The running function finishes when the second invocation waits for it, and not before."""
    monkeypatch.setattr(threading.current_thread(), "name", thread)
    monkeypatch.setattr(Semaphore, "waiting", staticmethod(function.finish.set))
    with running(function) as first:
        assert invoke() == DONE
        assert first.result(TIMEOUT_SECONDS) == DONE


def test_a_queue_waits_for_a_part_of_its_visibility_timeout(
    function: OneFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading.current_thread(), "name", lambda_concurrency.POLLER)
    monkeypatch.setitem(QUEUE["attributes"], "VisibilityTimeout", "0")
    with running(function) as first:
        assert invoke()["throttle"]
    assert first.result(TIMEOUT_SECONDS) == DONE


def test_a_caller_waits_for_seconds(function: OneFunction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lambda_concurrency, "CALLER_WAIT_SECONDS", 0)
    with running(function) as first:
        assert invoke()["throttle"]
    assert first.result(TIMEOUT_SECONDS) == DONE


def test_a_throttled_invocation_does_not_reach_the_emulator(
    function: OneFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it could take the function for which another invocation waits."""
    monkeypatch.setattr(lambda_concurrency, "CALLER_WAIT_SECONDS", 0)
    with running(function):
        invoke()
        assert function.calls == 1


@pytest.fixture
def state(function: OneFunction, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Return what runs a task by its resource, as the emulator does; one called "broken" fails before its function."""

    def task(resource: str, _parameters: Any) -> Any:
        if "broken" in resource:
            raise ValueError(resource)
        return invoke()

    monkeypatch.setattr(stepfunctions, "_invoke_resource", task)
    monkeypatch.setattr(stepfunctions, "_invoke_resource_with_timeout", WITH_TIMEOUT)
    monkeypatch.setattr(lambda_svc, "_execute_function", function.execute)
    monkeypatch.setattr(lambda_concurrency, "CALLER_WAIT_SECONDS", 0)
    lambda_concurrency.apply()
    return lambda resource: stepfunctions._invoke_resource_with_timeout(resource, {}, 1)  # noqa: SLF001


def test_the_time_of_a_state_begins_when_a_function_is_free(
    function: OneFunction, state: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The running function finishes when the state waits for it; throttled, the state would not be done."""
    monkeypatch.setattr(Semaphore, "waiting", staticmethod(function.finish.set))
    with running(function) as first:
        assert state("arn:aws:states:::lambda:invoke") == DONE
        assert first.result(TIMEOUT_SECONDS) == DONE


def test_a_state_that_fails_or_runs_out_of_time_gives_its_function_back(
    function: OneFunction, state: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="broken"):
        state("arn:aws:states:::lambda:invoke broken")
    # The function runs on, and has its place until it ends.
    with pytest.raises(stepfunctions._ExecutionError, match=r"States\.Timeout"):  # noqa: SLF001
        state("arn:aws:states:::lambda:invoke")
    assert invoke()["throttle"]
    monkeypatch.setattr(Semaphore, "waiting", staticmethod(function.finish.set))
    assert state("arn:aws:states:::lambda:invoke") == DONE


def test_a_state_without_a_function_waits_for_none(
    function: OneFunction, state: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepfunctions, "_invoke_resource", lambda *_arguments: "sent")
    with running(function):
        assert state("arn:aws:states:::sqs:sendMessage") == "sent"
