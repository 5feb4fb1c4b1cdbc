"""The photos that `imagelabels reprocess` selects: by outcome, error, label, prefix and time."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from imagelabels.errors import UserError
from imagelabels.reprocess.selection import Criteria, select
from imagelabels.stack.bulk_reads import keys_of, labelled_at
from imagelabels_shared.aws import client
from imagelabels_shared.table.labels import labels
from tests import resources
from tests.resources import IMAGES, LABELS
from tests.unit.recorded import NOON, Recorded, rejection


@pytest.fixture
def recorded(s3: Any) -> Recorded:  # noqa: ARG001  # the buckets
    resources.create_labels_table_with_index()
    return Recorded()


def labelled(at: datetime, *keys: str) -> None:
    with labels().batch_writer() as batch:
        for key in keys:
            batch.put_item(
                {"image_id": f"{IMAGES}/{key}", "record": "IMAGE", "object_key": key, "labelled_at": at.isoformat()}
            )


def uploaded(*keys: str) -> None:
    for key in keys:
        client("s3").put_object(Bucket=IMAGES, Key=key, Body=b"x")


def selected(recorded: Recorded, **criteria: Any) -> list[str]:
    return [rerun.key for rerun in select(recorded.stack(), Criteria(**criteria))]


@pytest.fixture
def mixed(recorded: Recorded) -> Recorded:
    """A photo for each way to end."""
    recorded.add("1", "FAILED", 1, "denied.jpg", error="AccessDeniedError")
    recorded.add("2", "FAILED", 2, "throttled.jpg", error="ThrottledError")
    recorded.add("3", "TIMED_OUT", 3, "slow.jpg", error="States.Timeout")
    recorded.add("4", "ABORTED", 4, "stopped.jpg")
    recorded.add("5", "SUCCEEDED", 5, "empty.jpg", output=rejection("EmptyImageError"))
    recorded.add("6", "SUCCEEDED", 6, "text.jpg", output=rejection("UnsupportedFormatError"))
    recorded.add("7", "SUCCEEDED", 7, "twice.jpg", output=rejection("SupersededError"))
    recorded.add("8", "SUCCEEDED", 8, "fine.jpg", output="{}")
    recorded.add("9", "FAILED", 9, "other.jpg", bucket="elsewhere", error="AccessDeniedError")
    return recorded


@pytest.mark.parametrize(
    ("criteria", "keys"),
    [
        ({"outcome": "failed"}, ["denied.jpg", "slow.jpg", "stopped.jpg", "throttled.jpg"]),
        ({"outcome": "rejected"}, ["empty.jpg", "text.jpg"]),
        ({"error": "ThrottledError"}, ["throttled.jpg"]),
        ({"outcome": "failed", "error": "AccessDeniedError"}, ["denied.jpg"]),
        ({"outcome": "rejected", "error": "EmptyImageError"}, ["empty.jpg"]),
        ({"error": "EmptyImageError"}, []),
        ({"outcome": "failed", "prefix": "s"}, ["slow.jpg", "stopped.jpg"]),
        ({"outcome": "failed", "before": NOON + timedelta(minutes=2, seconds=30)}, ["denied.jpg"]),
    ],
)
def test_outcome_and_error_choose_among_the_executions(
    mixed: Recorded, criteria: dict[str, Any], keys: list[str]
) -> None:
    assert selected(mixed, **criteria) == keys


def test_of_several_runs_of_a_photo_the_newest_is_repeated(recorded: Recorded) -> None:
    for minute, name in ((2, "newest"), (1, "middle"), (0, "oldest")):
        arn = recorded.add(name, "FAILED", minute)
        recorded.executions[arn]["input"] = json.dumps({"bucket": IMAGES, "key": "cat.jpg", "versionId": name})
    (rerun,) = select(recorded.stack(), Criteria(outcome="failed"))
    assert rerun.at == NOON + timedelta(minutes=2, seconds=30)


@pytest.mark.parametrize(("seconds", "again"), [(29, True), (30, True), (31, False)])
def test_a_photo_that_was_labelled_after_its_failure_is_left_alone(
    recorded: Recorded,
    seconds: int,
    again: bool,  # noqa: FBT001  # a parameter of a test
) -> None:
    recorded.add("one", "FAILED", 0)
    labelled(NOON + timedelta(seconds=seconds), "cat.jpg")
    assert bool(selected(recorded, outcome="failed")) is again


def test_prefix_and_time_choose_among_the_photos_of_the_bucket(recorded: Recorded) -> None:
    uploaded("a/", "a/1.jpg", "a/2.jpg", "b/3.jpg")
    labelled(NOON, "a/1.jpg")
    assert selected(recorded, prefix="") == ["a/1.jpg", "a/2.jpg", "b/3.jpg"]
    assert selected(recorded, prefix="a/") == ["a/1.jpg", "a/2.jpg"]
    assert selected(recorded, prefix="a/", before=NOON) == ["a/2.jpg"]
    assert selected(recorded, before=NOON + timedelta(seconds=1)) == ["a/1.jpg", "a/2.jpg", "b/3.jpg"]
    with pytest.raises(UserError, match="Name a photo, or select photos with"):
        selected(recorded)


def test_a_label_chooses_photos_alone_and_together_with_an_outcome(recorded: Recorded) -> None:
    for key in ("dog.jpg", "cat.jpg"):
        labels().put_item(Item=_label_item(key, "Dog"))
    recorded.add("1", "FAILED", 1, "cat.jpg")
    recorded.add("2", "FAILED", 2, "cow.jpg")
    assert selected(recorded, label="dog") == ["cat.jpg", "dog.jpg"]
    assert selected(recorded, label="Dog", prefix="d") == ["dog.jpg"]
    assert selected(recorded, label="Dog", outcome="failed") == ["cat.jpg"]
    assert selected(recorded, label="Unicorn") == []


def _label_item(key: str, label: str) -> dict[str, Any]:
    return {
        "image_id": f"{IMAGES}/{key}",
        "record": f"LABEL#{label}",
        "object_key": key,
        "label": label,
        "confidence": Decimal(90),
        "labelled_at": "2026-11-22T12:00:00.000Z",
    }


def test_times_of_more_photos_than_one_request_takes_are_read(recorded: Recorded) -> None:
    """BatchGetItem takes a hundred keys, and may leave some of them unprocessed."""
    keys = [f"{number:03}.jpg" for number in range(101)]
    labelled(NOON, *keys)
    assert labelled_at(recorded.stack(), [*keys, "never.jpg"]) == dict.fromkeys(keys, NOON)


def test_keys_that_dynamodb_leaves_unprocessed_are_asked_for_again(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled(NOON, "a.jpg", "b.jpg", "c.jpg")
    stack = recorded.stack()
    table = stack.table()
    read, requests = table.meta.client.batch_get_item, []

    def one_key_each(RequestItems: Any) -> Any:  # noqa: N803  # boto3's name
        requests.append(RequestItems)
        asked = RequestItems[LABELS]
        first, rest = asked["Keys"][:1], asked["Keys"][1:]
        answer = read(RequestItems={LABELS: asked | {"Keys": first}})
        return dict(answer) | {"UnprocessedKeys": {LABELS: asked | {"Keys": rest}} if rest else {}}

    monkeypatch.setattr(table.meta.client, "batch_get_item", one_key_each)
    monkeypatch.setattr(type(stack), "table", lambda _stack: table)
    assert set(labelled_at(stack, ["a.jpg", "b.jpg", "c.jpg"])) == {"a.jpg", "b.jpg", "c.jpg"}
    assert len(requests) == 3


def test_folders_of_the_console_are_no_photos(recorded: Recorded) -> None:
    uploaded("2026/", "2026/a.jpg")
    assert list(keys_of(recorded.stack(), "")) == ["2026/a.jpg"]


def test_times_are_in_utc(recorded: Recorded) -> None:
    labelled(NOON, "a.jpg")
    assert labelled_at(recorded.stack(), ["a.jpg"])["a.jpg"].astimezone(UTC) == NOON
