"""`imagelabels dead-letters` lists dead letters and sends each back to its destination."""

import json
from typing import Any

import pytest

from imagelabels.operations import dead_letters
from imagelabels.operations.dead_letters import listed, send_back, why_it_stays
from tests.order.test_archive import record, status
from tests.order.world import World
from tests.resources import IMAGES, s3_event


@pytest.fixture(autouse=True)
def short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto's queues are one server, so a short poll misses nothing; the end-to-end tests need long ones."""
    monkeypatch.setattr(dead_letters, "WAIT_SECONDS", 0)


def leave(world: World, queue: str, body: Any, **attributes: str) -> None:
    said = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    text = body if isinstance(body, str) else json.dumps(body)
    world.sqs.send_message(QueueUrl=world.queues[queue], MessageBody=text, MessageAttributes=said)  # type: ignore[arg-type]  # literals


def send_all_back(world: World) -> list[bool]:
    return [send_back(world.stack, message) for message in list(listed(world.stack))]


def test_listing_says_what_and_why_and_takes_nothing_away(world: World) -> None:
    leave(world, "UndeliveredEventsQueueUrl", s3_event("Object Created", "a b+c%20.jpg"), ERROR_CODE="NO_PERMISSIONS")
    leave(world, "AuditDeadLetterQueueUrl", record())
    leave(world, "RemovalDeadLetterQueueUrl", {"rejected": {"bucket": IMAGES, "key": "dog.jpg"}})
    for _again in range(2):
        found = {(message.queue, message.kind, message.about, message.reason) for message in listed(world.stack)}
        assert found == {
            ("UndeliveredEvents", "Object Created", f"{IMAGES}/a b+c%20.jpg", "NO_PERMISSIONS"),
            ("AuditDeadLetter", "LABELLED", f"{IMAGES}/cat.jpg", ""),
            ("RemovalDeadLetter", "rejected", f"{IMAGES}/dog.jpg", ""),
        }


def test_more_dead_letters_than_one_answer_holds_are_listed_once_each(world: World) -> None:
    for number in range(23):
        leave(world, "AuditDeadLetterQueueUrl", record(number=number))
    assert len({message.id for message in listed(world.stack)}) == 23


def test_an_undelivered_upload_starts_its_execution_under_a_name_that_tells_duplicates(world: World) -> None:
    event = s3_event("Object Created", "cat.jpg", "v1")
    leave(world, "UndeliveredEventsQueueUrl", event)
    assert send_all_back(world) == [True]
    ((name, started),) = world.started().items()
    assert started == event
    assert name.startswith(f"{event['id']}_")
    assert list(listed(world.stack)) == []


def test_each_other_dead_letter_goes_back_to_its_queue(world: World) -> None:
    deletion, rejected = s3_event("Object Deleted", "cat.jpg"), {"rejected": s3_event("Object Created", "dog.jpg")}
    leave(world, "UndeliveredEventsQueueUrl", deletion)
    leave(world, "UndeliveredEventsQueueUrl", status("ABORTED"))
    leave(world, "RemovalDeadLetterQueueUrl", rejected)
    leave(world, "AuditDeadLetterQueueUrl", record())
    leave(world, "MailDeadLetterQueueUrl", report := {"outcome": "LABELLED", "image": {"key": "cat.jpg"}})
    assert send_all_back(world) == [True] * 5
    assert world.told("ReportsQueueUrl") == [report]
    assert sorted(json.dumps(message) for message in world.told("RemovalQueueUrl")) == sorted(
        json.dumps(message) for message in (deletion, rejected)
    )
    assert sorted(message.get("outcome", "status") for message in world.told("AuditQueueUrl")) == ["LABELLED", "status"]
    assert world.started() == {}


def test_an_unreadable_dead_letter_stays(world: World) -> None:
    leave(world, "AuditDeadLetterQueueUrl", "not JSON")
    leave(world, "UndeliveredEventsQueueUrl", {"detail-type": "Something Else"})
    leave(world, "UndeliveredEventsQueueUrl", {"detail-type": "Object Created"})
    leave(world, "UndeliveredEventsQueueUrl", s3_event("Object Created", "cat.jpg") | {"id": "made up: https://evil"})
    reasons = {letter.body: why_it_stays(letter).split(" ", 3)[2] for letter in listed(world.stack)}
    assert sorted(reasons.values()) == ["detail-type", "id", "id", "text"]
    assert send_all_back(world) == [False] * 4
    assert len(list(listed(world.stack))) == 4


def test_a_message_that_is_seen_twice_in_one_look_is_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when SQS delivers it twice, or when the look takes longer than the visibility timeout."""
    monkeypatch.setattr(dead_letters, "LISTING_SECONDS", 0)
    for number in range(3):
        leave(world, "AuditDeadLetterQueueUrl", record(number=number))
    assert [json.loads(letter.body)["number"] for letter in listed(world.stack)] == [0, 1, 2]
    assert send_all_back(world) == [True] * 3
    assert list(listed(world.stack)) == []
