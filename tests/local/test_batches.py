"""A queue's messages wait for a free function, as at AWS; what is invoked otherwise is refused at once."""

import threading
from typing import Any

import pytest
from ministack.services import lambda_svc

from imagelabels.local import batches

REFUSED: dict[str, Any] = {"throttle": True, "error": True}
DONE: dict[str, Any] = {"body": "done"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the emulator answers to the next invocations, the first one last."""
    found = [DONE, REFUSED, REFUSED]
    monkeypatch.setattr(batches, "REFUSED_SECONDS", 0)
    monkeypatch.setattr(lambda_svc, "_execute_function", lambda _function, _event: found.pop())
    batches.ask_again_when_refused()
    return found


def invoked(by: str) -> dict[str, Any]:
    """Invoke once from a thread of this name."""
    got: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: got.append(lambda_svc._execute_function({}, {})), name=by)  # noqa: SLF001
    thread.start()
    thread.join()
    return got[0]


def test_a_queue_asks_until_a_function_is_free(answers: list[dict[str, Any]]) -> None:
    assert invoked(batches.POLLER) == DONE
    assert answers == []


def test_anybody_else_is_refused(answers: list[dict[str, Any]]) -> None:
    assert invoked("a request") == REFUSED
    assert len(answers) == 2
