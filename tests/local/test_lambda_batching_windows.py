"""When the local engine hands the messages of a queue to its function: by a clock that the test sets."""

from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import lambda_svc, sqs, stepfunctions

from imagelabels.local.emulator import lambda_batching_windows

QUEUE, REPORTS = "http://local/AuditTrail", "http://local/ReportsQueue"
WINDOW = 60


class Local:
    """A queue of the emulator, its clock, and how many messages were asked for in each call."""

    def __init__(self, url: str) -> None:
        self.now, self.url = 1_000.0, url
        self.messages: list[dict[str, Any]] = []
        self.asked: list[int] = []
        self.running = False

    def send(self, count: int = 1) -> None:
        self.messages += [{"sent_at": self.now, "visible_at": self.now, "number": number} for number in range(count)]

    def receive(self, _url: str, count: int) -> list[dict[str, Any]]:
        self.asked.append(count)
        taken, self.messages = self.messages[:count], self.messages[count:]
        return taken

    def polled(self, batch_size: int = 100) -> int:
        """Return how many messages the function gets now."""
        return len(sqs._receive_messages_for_esm(self.url, batch_size))  # noqa: SLF001  # what each mapping calls


def local(monkeypatch: pytest.MonkeyPatch, url: str) -> Local:
    queue = Local(url)
    mapping = {"EventSourceArn": "arn:queue", "MaximumBatchingWindowInSeconds": WINDOW}
    attributes = {"QueueArn": "arn:queue"}
    executions = SimpleNamespace(all_values=lambda: [{"status": "RUNNING" if queue.running else "SUCCEEDED"}])
    get = {url: lambda: {"messages": queue.messages, "attributes": attributes}}
    monkeypatch.setattr(lambda_batching_windows, "time", SimpleNamespace(time=lambda: queue.now))
    monkeypatch.setattr(sqs, "_queues", SimpleNamespace(get=lambda name: get[name]()))
    monkeypatch.setattr(sqs, "_receive_messages_for_esm", queue.receive)
    monkeypatch.setattr(lambda_svc, "_iter_all_esms", lambda: [("account", "region", mapping)])
    monkeypatch.setattr(stepfunctions, "_executions", executions)
    lambda_batching_windows.apply()
    return queue


def test_a_message_waits_for_its_window(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = local(monkeypatch, QUEUE)
    queue.send()
    queue.now += WINDOW - 0.001
    queue.send()
    assert queue.polled() == 0
    queue.now += 0.001
    assert queue.polled() == 1
    queue.now += WINDOW - 0.001
    assert queue.polled() == 1


def test_reports_wait_for_the_first_ones_window_and_come_together(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = local(monkeypatch, REPORTS)
    queue.running = True
    queue.send(13)
    queue.now += WINDOW - 0.001
    queue.send(12)
    assert queue.polled() == 0
    queue.now += 0.001
    assert queue.polled() == 25
    assert queue.asked == [10, 10, 5]


def test_a_full_batch_of_reports_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = local(monkeypatch, REPORTS)
    queue.running = True
    queue.send(9)
    assert queue.polled(batch_size=10) == 0
    queue.send(3)
    assert queue.polled(batch_size=10) == 10


def test_reports_do_not_wait_when_nothing_runs_and_none_came_for_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = local(monkeypatch, REPORTS)
    queue.send()
    queue.now += 1.999
    assert queue.polled() == 0
    queue.now += 0.001
    queue.running = True
    assert queue.polled() == 0
    queue.running = False
    assert queue.polled() == 1


def test_a_message_that_is_worked_on_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = local(monkeypatch, QUEUE)
    queue.send()
    queue.messages[0]["visible_at"] += 2 * WINDOW
    queue.now += WINDOW
    assert queue.polled() == 0
