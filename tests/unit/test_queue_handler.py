"""Functions that SQS invokes: which messages come again, what is logged of each."""

import json
from typing import Any

import pytest

from imagelabels_shared.observability import logger
from imagelabels_shared.queue_handler import each_message
from tests.lambda_context import Context
from tests.order.world import batch


def work(message: dict[str, Any], _record: Any) -> None:
    if "say" in message:
        logger().append_keys(said=message["say"])
    if message.get("fail"):
        raise ValueError("told to fail")


def handle(*messages: dict[str, Any]) -> list[str]:
    """Handle one batch; return the ids of the messages that come again."""
    answer = each_message(work)(batch(*messages), Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the log lines that were printed."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_only_the_messages_that_failed_come_again() -> None:
    assert handle({}, {"fail": True}, {}) == ["1"]


def test_when_every_message_fails_every_one_comes_again_and_the_function_has_no_error() -> None:
    """An error of the function would count against its alarm, and SQS would count a delivery for the whole batch."""
    assert handle({"fail": True}, {"fail": True}) == ["0", "1"]


def test_each_message_has_a_line_with_its_id_and_how_often_it_came(capsys: pytest.CaptureFixture[str]) -> None:
    handle({}, {"fail": True})
    (done, failed) = printed(capsys)
    assert (done["level"], done["message"], failed["level"], failed["message"]) == (
        *("INFO", "Message done"),
        *("WARNING", "Message failed"),
    )
    assert (failed["error"], failed["cause"]) == ("ValueError", "told to fail")
    assert [(line["message_id"], line["receive_count"]) for line in (done, failed)] == [("0", "1"), ("1", "1")]


def test_nothing_of_one_message_stays_in_the_line_of_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    handle({"say": "of the first"}, {"say": "of the second", "fail": True}, {})
    (first, second, third) = printed(capsys)
    assert (first["said"], second["said"]) == ("of the first", "of the second")
    assert "said" not in third


def test_nothing_of_one_batch_stays_in_the_lines_of_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    """A Lambda function's process lives on between batches."""
    handler = each_message(work)
    handler(batch({"say": "secret"}), Context())
    handler(batch({}), Context())
    (first, second) = printed(capsys)
    assert first["said"] == "secret"
    assert "said" not in second
