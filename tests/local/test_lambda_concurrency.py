"""An invocation waits for a free function, which is not needed on AWS; one that waited too long is throttled."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import lambda_svc, sqs

from imagelabels.local.emulator import lambda_concurrency
from infra.definition import definition
from tests.contract.checks import snake_case

QUEUE = {"attributes": {"QueueArn": "arn:queue", "VisibilityTimeout": "180"}}
EVENT = {"Records": [{"eventSourceARN": "arn:queue"}]}
THROTTLED: dict[str, Any] = {"throttle": True, "error": True}
DONE: dict[str, Any] = {"body": "done"}
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


@pytest.mark.parametrize("thread", ["a state", lambda_concurrency.POLLER])
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


def test_a_state_waits_no_longer_than_its_timeout_allows(
    function: OneFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lambda_concurrency, "STATE_WAIT_SECONDS", 0)
    with running(function) as first:
        assert invoke()["throttle"]
    assert first.result(TIMEOUT_SECONDS) == DONE


def test_a_throttled_invocation_does_not_reach_the_emulator(
    function: OneFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it could take the function for which another invocation waits."""
    monkeypatch.setattr(lambda_concurrency, "STATE_WAIT_SECONDS", 0)
    with running(function):
        invoke()
        assert function.calls == 1


def test_every_state_has_time_to_wait_and_to_run_its_function(template: dict[str, Any]) -> None:
    resources = template["Resources"].values()
    functions = [resource["Properties"] for resource in resources if resource["Type"] == "AWS::Lambda::Function"]
    timeouts = {function["Handler"].split(".")[0]: function["Timeout"] for function in functions}
    states = definition()["States"].values()
    invoking = [state for state in states if "FunctionName" in state.get("Parameters", {})]
    assert invoking
    for state in invoking:
        folder = snake_case(state["Parameters"]["FunctionName"].removeprefix("${").removesuffix("FunctionArn}"))
        assert timeouts[folder] + lambda_concurrency.STATE_WAIT_SECONDS < state["TimeoutSeconds"]
