"""In a bucket without versions, S3's sequencer tells the uploads of a key apart, and the ETag their contents."""

import io
from typing import Any
from uuid import uuid4

import boto3
import pytest
from PIL import Image

from imagelabels_shared.errors import DuplicateEventError, ImageNotFoundError, SupersededError
from imagelabels_shared.work_objects import work_object
from persist_labels.handler import handler as persist_labels
from tests.lambda_context import Context
from tests.order.world import World
from tests.resources import by_eventbridge, execution, s3_event

BUCKET, KEY = "my-photos", "2024/cat.jpg"


@pytest.fixture(autouse=True)
def _bucket(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # the world comes first
    monkeypatch.setenv("IMAGES_BUCKET", BUCKET)
    boto3.client("s3").create_bucket(Bucket=BUCKET)


def upload(world: World, shade: int = 0, key: str = KEY) -> dict[str, Any]:
    """Put a photo; return its event as S3 sends it."""
    buffer = io.BytesIO()
    Image.new("RGB", (100, 100), (shade, 0, 0)).save(buffer, "PNG")
    world.s3.put_object(Bucket=BUCKET, Key=key, Body=buffer.getvalue())
    event = s3_event("Object Created", key)
    event["detail"]["bucket"]["name"] = BUCKET
    event["detail"]["object"]["sequencer"] = uuid4().hex
    return event


def validated(world: World, event: dict[str, Any]) -> dict[str, Any]:
    return world.validate(event, by_eventbridge(event))


def persist(image: dict[str, Any]) -> dict[str, Any]:
    label = {"name": "Cat", "confidence": 99.5, "parents": [], "categories": [], "instances": 1}
    detection = {"labels": [label], "modelVersion": "3.0", "detectedAt": "2026-11-22T10:00:00.000Z"}
    return persist_labels({"image": image, "detection": detection, "execution": execution("one")}, Context())


def shown(world: World) -> bool:
    key = {"image_id": f"{BUCKET}/{KEY}", "record": "IMAGE"}
    return "Item" in world.labels.get_item(Key=key)


def test_a_second_upload_of_a_key_is_no_duplicate_and_a_second_delivery_is(world: World) -> None:
    first = upload(world)
    assert validated(world, first)["versionId"] == "null"
    with pytest.raises(DuplicateEventError):
        validated(world, first)
    validated(world, upload(world, 1))


def test_the_same_content_after_a_deletion_is_labelled_again(world: World) -> None:
    validated(world, upload(world))
    world.s3.delete_object(Bucket=BUCKET, Key=KEY)
    validated(world, upload(world))


def test_the_later_content_wins(world: World) -> None:
    before = validated(world, upload(world))
    now = validated(world, upload(world, 1))
    with pytest.raises(SupersededError):
        persist(before)
    assert persist(now)["added"] == []
    assert shown(world)


def test_labels_of_content_that_is_gone_are_removed_after_a_rejection(world: World) -> None:
    persist(validated(world, upload(world)))
    assert world.remove({"rejected": {"bucket": BUCKET, "key": KEY}}) == []
    assert shown(world)
    upload(world, 1)
    assert world.remove({"rejected": {"bucket": BUCKET, "key": KEY}}) == []
    assert not shown(world)


def test_each_content_has_work_objects_of_its_own(world: World) -> None:
    one, other = (validated(world, upload(world, shade)) for shade in (0, 1))
    keys = {work_object("normalized", image, "jpg")["key"] for image in (one, other)}  # type: ignore[arg-type]  # JSON
    assert len(keys) == 2


def test_a_folder_of_the_console_is_no_photo_and_not_reported(world: World) -> None:
    upload(world, key="2024/")
    world.s3.put_object(Bucket=BUCKET, Key="2024/", Body=b"")
    event = s3_event("Object Created", "2024/")
    event["detail"]["bucket"]["name"] = BUCKET
    with pytest.raises(ImageNotFoundError, match="This is a folder"):
        validated(world, event)
