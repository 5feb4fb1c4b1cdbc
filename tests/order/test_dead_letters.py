"""`imagelabels dead-letters` lists what was left behind, and sends each to where it was going."""

import json
from typing import Any

from imagelabels.operations.dead_letters import letters, send_back
from tests.order.test_archive import record, status
from tests.order.world import World
from tests.resources import IMAGES, s3_event


def leave(world: World, queue: str, body: Any, **attributes: str) -> None:
    said = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    text = body if isinstance(body, str) else json.dumps(body)
    world.sqs.send_message(QueueUrl=world.queues[queue], MessageBody=text, MessageAttributes=said)  # type: ignore[arg-type]  # literals


def send_all_back(world: World) -> list[bool]:
    return [send_back(world.connection, letter) for letter in list(letters(world.connection))]


def test_listing_says_what_and_why_and_takes_nothing_away(world: World) -> None:
    leave(world, "UndeliveredEventsQueueUrl", s3_event("Object Created", "a b+c%20.jpg"), ERROR_CODE="NO_PERMISSIONS")
    leave(world, "AuditDeadLetterQueueUrl", record())
    leave(world, "RemovalDeadLetterQueueUrl", {"rejected": {"bucket": IMAGES, "key": "dog.jpg"}})
    for _again in range(2):
        found = {(one.queue, one.kind, one.about, one.reason) for one in letters(world.connection)}
        assert found == {
            ("UndeliveredEvents", "Object Created", f"{IMAGES}/a b+c%20.jpg", "NO_PERMISSIONS"),
            ("AuditDeadLetter", "LABELLED", f"{IMAGES}/cat.jpg", ""),
            ("RemovalDeadLetter", "rejected", f"{IMAGES}/dog.jpg", ""),
        }


def test_more_letters_than_one_answer_holds_are_listed_once_each(world: World) -> None:
    for number in range(23):
        leave(world, "AuditDeadLetterQueueUrl", record(number=number))
    assert len({one.id for one in letters(world.connection)}) == 23


def test_an_undelivered_upload_starts_its_execution_under_a_name_that_tells_duplicates(world: World) -> None:
    event = s3_event("Object Created", "cat.jpg", "v1")
    leave(world, "UndeliveredEventsQueueUrl", event)
    assert send_all_back(world) == [True]
    ((name, started),) = world.started().items()
    assert started == event
    assert name.startswith(f"{event['id']}_")
    assert list(letters(world.connection)) == []


def test_each_other_letter_goes_back_to_its_queue(world: World) -> None:
    deletion, rejected = s3_event("Object Deleted", "cat.jpg"), {"rejected": s3_event("Object Created", "dog.jpg")}
    leave(world, "UndeliveredEventsQueueUrl", deletion)
    leave(world, "UndeliveredEventsQueueUrl", status("ABORTED"))
    leave(world, "RemovalDeadLetterQueueUrl", rejected)
    leave(world, "AuditDeadLetterQueueUrl", record())
    leave(world, "MailDeadLetterQueueUrl", report := {"outcome": "LABELLED", "image": {"key": "cat.jpg"}})
    assert send_all_back(world) == [True] * 5
    assert world.told("ReportsQueueUrl") == [report]
    assert sorted(json.dumps(one) for one in world.told("RemovalQueueUrl")) == sorted(
        json.dumps(one) for one in (deletion, rejected)
    )
    assert sorted(one.get("outcome", "status") for one in world.told("AuditQueueUrl")) == ["LABELLED", "status"]
    assert world.started() == {}


def test_a_letter_that_nobody_can_read_stays(world: World) -> None:
    leave(world, "AuditDeadLetterQueueUrl", "no JSON")
    leave(world, "UndeliveredEventsQueueUrl", {"detail-type": "Something Else"})
    leave(world, "UndeliveredEventsQueueUrl", {"detail-type": "Object Created"})
    leave(world, "UndeliveredEventsQueueUrl", s3_event("Object Created", "cat.jpg") | {"id": "made up: https://evil"})
    assert send_all_back(world) == [False] * 4
    assert len(list(letters(world.connection))) == 4
