"""An invocation waits for a free function, as it need not at AWS; one that cannot wait any longer is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import lambda_svc, sqs

from imagelabels.local import batches

QUEUE = {"attributes": {"QueueArn": "arn:queue", "VisibilityTimeout": "180"}}
EVENT = {"Records": [{"eventSourceARN": "arn:queue"}]}
REFUSED: dict[str, Any] = {"throttle": True, "error": True}
DONE: dict[str, Any] = {"body": "done"}


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> threading.Lock:
    """Let the emulator have one function, that runs while this is locked and refuses everybody else."""
    lock = threading.Lock()

    def execute(_function: Any, _event: Any) -> dict[str, Any]:
        if not lock.acquire(blocking=False):
            return REFUSED
        threading.Event().wait(0.01)
        lock.release()
        return DONE

    monkeypatch.setattr(lambda_svc, "_ACCOUNT_CONCURRENCY_CAP", 1)
    monkeypatch.setattr(lambda_svc, "_execute_function", execute)
    monkeypatch.setattr(sqs, "_queues", SimpleNamespace(all_values=lambda: [QUEUE]))
    batches.wait_for_a_free_function()
    return lock


def invoke(by: str) -> dict[str, Any]:
    """Invoke from a thread of this name."""
    threading.current_thread().name = by
    answer: dict[str, Any] = lambda_svc._execute_function({}, EVENT)  # noqa: SLF001
    return answer


def at_once(by: str) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(invoke, [by] * 8))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("by", ["a request", batches.POLLER])
def test_all_invocations_have_their_turn(by: str) -> None:
    assert at_once(by) == [DONE] * 8


@pytest.mark.usefixtures("busy")
def test_a_queue_waits_only_until_its_messages_are_visible_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUEUE["attributes"], "VisibilityTimeout", "0")
    assert REFUSED in at_once(batches.POLLER)


@pytest.mark.usefixtures("busy")
def test_a_state_waits_only_for_what_its_timeout_spares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SECONDS_TO_SPARE", 0)
    assert REFUSED in at_once("a request")


def test_a_refusal_takes_nobodys_turn(busy: threading.Lock) -> None:
    with busy:
        assert invoke("a request") == REFUSED
    assert at_once("a request") == [DONE] * 8
