"""A queue's messages wait for a free function, as at AWS; what is invoked otherwise is refused at once."""

import threading
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
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the emulator answers to the next invocations, the first one last."""
    found = [DONE, REFUSED, REFUSED]
    monkeypatch.setattr(batches, "REFUSED_SECONDS", 0)
    monkeypatch.setattr(sqs, "_queues", SimpleNamespace(all_values=lambda: [QUEUE]))
    monkeypatch.setattr(lambda_svc, "_execute_function", lambda _function, _event: found.pop())
    batches.ask_again_when_refused()
    return found


def invoked(by: str) -> dict[str, Any]:
    """Invoke once from a thread of this name."""
    got: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: got.append(lambda_svc._execute_function({}, EVENT)), name=by)  # noqa: SLF001
    thread.start()
    thread.join()
    return got[0]


def test_a_queue_asks_until_a_function_is_free(answers: list[dict[str, Any]]) -> None:
    assert invoked(batches.POLLER) == DONE
    assert answers == []


def test_a_queue_gives_up_before_its_messages_are_visible_again(
    answers: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUEUE["attributes"], "VisibilityTimeout", "0")
    assert invoked(batches.POLLER) == REFUSED
    assert len(answers) == 2


def test_anybody_else_is_refused(answers: list[dict[str, Any]]) -> None:
    assert invoked("a request") == REFUSED
    assert len(answers) == 2
