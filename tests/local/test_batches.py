"""An invocation waits for a free function, as it need not at AWS; one that cannot wait any longer is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import lambda_svc, sqs

from imagelabels.local.emulator import waiting
from infra.definition import definition
from tests.contract.checks import snake_case

QUEUE = {"attributes": {"QueueArn": "arn:queue", "VisibilityTimeout": "180"}}
EVENT = {"Records": [{"eventSourceARN": "arn:queue"}]}
REFUSED: dict[str, Any] = {"throttle": True, "error": True}
DONE: dict[str, Any] = {"body": "done"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the emulator answers; it has one function, and refuses whoever comes while that runs."""
    given: list[dict[str, Any]] = []
    lock = threading.Lock()

    def execute(_function: Any, _event: Any) -> dict[str, Any]:
        given.append(answer())
        return given[-1]

    def answer() -> dict[str, Any]:
        if not lock.acquire(blocking=False):
            return REFUSED
        threading.Event().wait(0.01)
        lock.release()
        return DONE

    monkeypatch.setattr(lambda_svc, "_ACCOUNT_CONCURRENCY_CAP", 1)
    monkeypatch.setattr(lambda_svc, "_execute_function", execute)
    monkeypatch.setattr(sqs, "_queues", SimpleNamespace(all_values=lambda: [QUEUE]))
    waiting.wait_for_a_free_function()
    return given


def invoke(by: str, all_there: threading.Barrier) -> dict[str, Any]:
    """Invoke from a thread of this name, together with the others."""
    threading.current_thread().name = by
    all_there.wait()
    answer: dict[str, Any] = lambda_svc._execute_function({}, EVENT)  # noqa: SLF001
    return answer


def at_once(by: str) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(invoke, [by] * 8, [threading.Barrier(8)] * 8))


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("by", ["a request", waiting.POLLER])
def test_all_invocations_have_their_turn(by: str) -> None:
    assert at_once(by) == [DONE] * 8


@pytest.mark.usefixtures("answers")
def test_a_queue_waits_for_less_than_its_messages_are_invisible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUEUE["attributes"], "VisibilityTimeout", "0")
    assert any(answer.get("throttle") for answer in at_once(waiting.POLLER))


@pytest.mark.usefixtures("answers")
def test_a_state_waits_only_for_what_its_timeout_spares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "SECONDS_TO_SPARE", 0)
    assert any(answer.get("throttle") for answer in at_once("a request"))


def test_who_has_waited_in_vain_takes_nobodys_turn(
    answers: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked the emulator without a turn could get the function of the next in the line."""
    monkeypatch.setattr(waiting, "SECONDS_TO_SPARE", 0)
    got = at_once("a request")
    assert answers == [answer for answer in got if answer == DONE]


def test_a_wait_leaves_every_function_its_own_time(template: dict[str, Any]) -> None:
    resources = template["Resources"].values()
    functions = [one["Properties"] for one in resources if one["Type"] == "AWS::Lambda::Function"]
    folders = {one["Handler"].split(".")[0]: one["Timeout"] for one in functions}
    states = definition()["States"].values()
    invoking = [one for one in states if "FunctionName" in one.get("Parameters", {})]
    assert invoking
    for state in invoking:
        folder = snake_case(state["Parameters"]["FunctionName"].removeprefix("${").removesuffix("FunctionArn}"))
        assert folders[folder] + waiting.SECONDS_TO_SPARE < state["TimeoutSeconds"]
