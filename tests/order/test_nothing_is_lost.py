"""What keeps a live photo's labels: the order of reads, marks that differ, consistent reads, and claims that last."""

from types import SimpleNamespace
from typing import Any

import pytest

from imagelabels.operations import reconciliation
from imagelabels.operations.reconciliation import Disagreement
from imagelabels_shared.errors import ServiceUnavailableError
from imagelabels_shared.table import claims, labels
from imagelabels_shared.table.claims import Version, claim
from remove_labels import handler as removing
from tests.order.test_removals import _between
from tests.order.world import World
from tests.resources import CLAIMS, IMAGES, LABELS, execution, s3_event

PHOTO = f"{IMAGES}/cat.jpg"
THREE_DAYS = 259_200


def test_a_photo_uploaded_and_labelled_after_s3_was_asked_keeps_its_labels(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 said that the photo is gone; the table was read before, so the removal notices the new labels."""
    world.persist("cat.jpg", world.upload("cat.jpg"), "Cat")
    world.delete("cat.jpg")

    def upload_and_label() -> None:
        world.persist("cat.jpg", world.upload("cat.jpg"), "Dog", arn=execution("two"))

    _between(monkeypatch, removing, "newest", upload_and_label)
    assert world.remove(s3_event("Object Deleted", "cat.jpg")) == []
    assert world.shown("cat.jpg") == ["IMAGE", "LABEL#Dog"]
    assert world.told() == []


def test_a_second_removal_is_not_taken_for_the_first(world: World) -> None:
    """An execution that read between two removals must read again, so the marks of two removals differ."""
    labels.remove(labels.read(PHOTO))
    read_between = labels.read(PHOTO)
    labels.remove(labels.read(PHOTO))
    late: Any = [{"image_id": PHOTO, "record": "IMAGE", "execution": execution("one"), "labelled_at": "late"}]
    with pytest.raises(ServiceUnavailableError):
        labels.replace(read_between, late)
    assert world.shown("cat.jpg") == []


def test_both_tables_are_read_consistently(world: World) -> None:  # noqa: ARG001  # the tables
    """An eventually consistent read may miss a removal or a newer version's labels; moto's reads are all consistent."""
    asked: dict[str, Any] = {}

    def note(params: dict[str, Any], **_more: Any) -> None:
        asked[params["TableName"]] = params.get("ConsistentRead")

    events = labels.dynamodb().meta.client.meta.events
    for operation in ("GetItem", "Query"):
        events.register(f"provide-client-params.dynamodb.{operation}", note)
    labels.read(PHOTO)
    assert asked == {CLAIMS: True, LABELS: True}


def test_claims_and_marks_of_removals_live_for_three_days(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 may deliver an event for a day, and EventBridge for another one: a duplicate may be two days late."""
    monkeypatch.setattr(claims, "time", SimpleNamespace(time=lambda: 1_000_000.9))
    claim(Version(IMAGES, "cat.jpg", "v1"), execution("one"))
    labels.remove(labels.read(PHOTO))
    items = world.claims.scan()["Items"]
    assert len(items) == 2
    assert {item["expires_at"] for item in items} == {1_000_000 + THREE_DAYS}


def test_the_claim_of_another_execution_holds_and_ones_own_is_made_again(world: World) -> None:
    version = Version(IMAGES, "cat.jpg", "v1")
    assert claim(version, execution("one")) == execution("one")
    assert claim(version, execution("one")) == execution("one")
    assert claim(version, execution("two")) == execution("one")
    (item,) = world.claims.scan()["Items"]
    assert item["execution"] == execution("one")


@pytest.mark.parametrize("problem", ["unlabelled", "failed"])
def test_fix_starts_the_version_that_has_no_labels(world: World, problem: str) -> None:
    assert reconciliation.fix(world.stack, Disagreement(PHOTO, problem, "v7"))
    assert list(world.started().values()) == [{"bucket": IMAGES, "key": "cat.jpg", "versionId": "v7"}]
    assert world.told("RemovalQueueUrl") == []


@pytest.mark.parametrize("problem", ["stale", "orphaned"])
def test_fix_has_labels_without_their_photo_removed(world: World, problem: str) -> None:
    assert reconciliation.fix(world.stack, Disagreement(f"{IMAGES}/a/b.jpg", problem, "v7"))
    assert world.told("RemovalQueueUrl") == [{"rejected": {"bucket": IMAGES, "key": "a/b.jpg"}}]
    assert world.started() == {}
