"""PersistLabels makes the table say exactly what the newest version of a photo shows."""

from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from imagelabels_shared.aws import AccessDeniedError
from imagelabels_shared.errors import ServiceUnavailableError, SupersededError, ThrottledError
from imagelabels_shared.image_properties import MOST_ROWS
from imagelabels_shared.models import DominantColor, Image, ImageProperties, Label, Quality
from imagelabels_shared.table.labels import labels, read, replace
from persist_labels.handler import handler
from tests.lambda_context import Context
from tests.pictures import picture
from tests.resources import create_tables
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES
from tests.unit.samples import EXECUTION, detection, image, label

PHOTO_ID = f"{IMAGES}/photos/a.jpg"
MOST = 49


@pytest.fixture(autouse=True)
def labels_table(s3: Any) -> Any:  # noqa: ARG001  # moto is on
    return create_tables()


@pytest.fixture
def photo(s3: Any) -> Image:
    """A pinned photo that is the newest version in the bucket."""
    version = s3.put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=picture())["VersionId"]
    return image(versionId=version)


def persist(photo: Image, *labels: Label, execution: str = EXECUTION) -> dict[str, Any]:
    return handler({"execution": execution, "image": photo, "detection": detection(*labels)}, Context())


def items(labels_table: Any) -> list[dict[str, Any]]:
    return list(labels_table.scan()["Items"])


def names(labels_table: Any) -> list[str]:
    return [item["record"] for item in items(labels_table)]


def test_the_image_and_each_label_become_items(labels_table: Any, photo: Image) -> None:
    persist(photo, label("Dog", 98.7, parents=["Animal"], instances=2))
    assert items(labels_table) == [
        {
            "image_id": PHOTO_ID,
            "record": "IMAGE",
            "object_key": "photos/a.jpg",
            "version": photo["versionId"],
            "etag": "b1946ac9",
            "size": 2_500_000,
            "format": "JPEG",
            "width": 640,
            "height": 480,
            "label_count": 1,
            "model_version": "3.0",
            "outcome": "LABELLED",
            "labelled_at": "2026-11-22T12:00:00.000Z",
            "execution": EXECUTION,
        },
        {
            "image_id": PHOTO_ID,
            "record": "LABEL#Dog",
            "label": "Dog",
            "confidence": Decimal("98.7"),
            "object_key": "photos/a.jpg",
            "parents": ["Animal"],
            "categories": ["Animals and Pets"],
            "instances": 2,
            "labelled_at": "2026-11-22T12:00:00.000Z",
        },
    ]


@pytest.mark.parametrize("confidence", [99.5, 98.70000457763672, 70.0, 100, 0.1, 33.333333333333336])
def test_a_confidence_is_stored_exactly(labels_table: Any, photo: Image, confidence: float) -> None:
    """What Rekognition said, not what a float makes of it."""
    persist(photo, label("Dog", confidence))
    stored = items(labels_table)[1]["confidence"]
    assert (float(stored), stored) == (confidence, Decimal(str(confidence)))


def test_only_a_label_of_a_persons_own_model_has_a_source(labels_table: Any, photo: Image) -> None:
    persist(photo, label("Mustang", source="custom"), label("Car"))
    sources = {item["label"]: item.get("source") for item in items(labels_table) if "label" in item}
    assert sources == {"Mustang": "custom", "Car": None}


RED = ImageProperties(
    dominantColors=[DominantColor(color="red", percent=51.75), DominantColor(color="cyan", percent=0.6)],
    quality=Quality(brightness=47.5, sharpness=12.1, contrast=42.0),
)


def persist_with(properties: ImageProperties | None, photo: Image, *labels: Label) -> dict[str, Any]:
    found = detection(*labels, properties=properties)
    return handler({"execution": EXECUTION, "image": photo, "detection": found}, Context())


def test_colours_and_quality_are_with_the_photo_and_rows_of_the_index(labels_table: Any, photo: Image) -> None:
    persist_with(RED, photo, label("Dog"))
    kept, *others = items(labels_table)
    assert kept["dominant_colors"] == [
        {"color": "red", "percent": Decimal("51.75")},
        {"color": "cyan", "percent": Decimal("0.6")},
    ]
    assert kept["quality"] == {"brightness": Decimal("47.5"), "sharpness": Decimal("12.1"), "contrast": Decimal("42.0")}
    assert kept["label_count"] == 1
    assert {item["record"]: (item["label"], item["confidence"]) for item in others} == {
        "LABEL#Dog": ("Dog", Decimal("98.7")),
        "PROPERTY#colour:red": ("colour:red", Decimal("51.75")),
        "PROPERTY#quality:blurry": ("quality:blurry", Decimal("87.9")),
        "PROPERTY#quality:dark": ("quality:dark", Decimal("52.5")),
    }
    assert {(item["object_key"], item["labelled_at"]) for item in others} == {(photo["key"], kept["labelled_at"])}


def test_rows_of_an_earlier_run_go_with_its_properties(labels_table: Any, photo: Image) -> None:
    """Labels that changed are told of, and colours are no labels."""
    persist_with(RED, photo, label("Dog"))
    assert persist_with(None, photo, label("Cat")) == {"lastRun": None, "added": ["Cat"], "removed": ["Dog"]}
    assert names(labels_table) == ["IMAGE", "LABEL#Cat"]
    assert {"dominant_colors", "quality"}.isdisjoint(items(labels_table)[0])


def test_an_execution_of_an_earlier_release_has_no_such_field(labels_table: Any, photo: Image) -> None:
    older: dict[str, Any] = {**detection(label("Dog"))}
    del older["imageProperties"]
    handler({"execution": EXECUTION, "image": photo, "detection": older}, Context())
    assert names(labels_table) == ["IMAGE", "LABEL#Dog"]


def test_no_stale_label_survives(labels_table: Any, photo: Image) -> None:
    """What an earlier run saw and this one does not is removed, and named."""
    persist(photo, label("Dog"), label("Grass"))
    result = persist(photo, label("Dog"), label("Cat"))
    assert result == {"lastRun": None, "added": ["Cat"], "removed": ["Grass"]}
    assert names(labels_table) == ["IMAGE", "LABEL#Cat", "LABEL#Dog"]


def test_running_it_twice_changes_nothing(labels_table: Any, photo: Image) -> None:
    persist(photo, label("Dog"), label("Cat"))
    before = items(labels_table)
    assert persist(photo, label("Dog"), label("Cat")) == {"lastRun": None, "added": [], "removed": []}
    assert items(labels_table) == before


def test_a_later_run_says_when_the_last_one_was_and_the_first_has_none(labels_table: Any, photo: Image) -> None:  # noqa: ARG001  # the table
    run = {"execution": EXECUTION, "image": photo, "detection": detection(label("Dog"))}
    assert handler(run, Context()) == {"lastRun": None, "added": [], "removed": []}
    again = run | {"execution": EXECUTION + "-again"}
    assert handler(again, Context()) == {"lastRun": "2026-11-22T12:00:00.000Z", "added": [], "removed": []}


def test_the_time_of_a_run_from_before_the_form_was_one_is_given_in_it(labels_table: Any, photo: Image) -> None:  # noqa: ARG001  # the table
    old = detection(label("Dog"), at="2026-11-22T12:00:00.000+00:00")
    handler({"execution": EXECUTION, "image": photo, "detection": old}, Context())
    again = {"execution": EXECUTION + "-again", "image": photo, "detection": detection(label("Dog"))}
    assert handler(again, Context())["lastRun"] == "2026-11-22T12:00:00.000Z"


def test_a_photo_without_labels_is_stored_as_such(labels_table: Any, photo: Image) -> None:
    persist(photo, label("Dog"))
    persist(photo)
    assert [(item["record"], item["label_count"]) for item in items(labels_table)] == [("IMAGE", 0)]


def test_the_most_labels_can_all_change_at_once(labels_table: Any, photo: Image) -> None:
    """49 new labels, 49 stale ones, the image and the look for a removal are the 100 actions that DynamoDB takes."""
    persist(photo, *(label(f"Old {number:02}") for number in range(MOST)))
    result = persist(photo, *(label(f"New {number:02}") for number in range(MOST)))
    assert result["removed"] == [f"Old {number:02}" for number in range(MOST)]
    assert result["added"] == [f"New {number:02}" for number in range(MOST)]
    assert names(labels_table) == ["IMAGE", *(f"LABEL#New {number:02}" for number in range(MOST))]


def test_the_most_labels_with_the_most_properties_can_all_change_at_once(labels_table: Any, photo: Image) -> None:
    """As many as `imageProperties` lets `maxLabels` be (infra/settings.py)."""
    most = MOST - MOST_ROWS
    for word in ("old", "new"):
        colours = [DominantColor(color=f"{word} {number}", percent=10.0) for number in range(12)]
        properties = ImageProperties(dominantColors=colours, quality=RED["quality"])
        persist_with(properties, photo, *(label(f"{word} {number:02}") for number in range(most)))
    assert len(names(labels_table)) == 1 + MOST
    assert not any("old" in name for name in names(labels_table))


def test_other_photos_and_the_history_are_left_alone(labels_table: Any, photo: Image) -> None:
    others = [
        {"image_id": PHOTO_ID, "record": "RUN#2026-11-22#first"},
        {"image_id": PHOTO_ID + "x", "record": "LABEL#Dog"},
    ]
    for item in others:
        labels_table.put_item(Item=item)
    persist(photo)
    assert [item for item in items(labels_table) if item["record"] != "IMAGE"] == others


def test_a_newer_version_wins(labels_table: Any, s3: Any, photo: Image) -> None:
    """The older execution writes nothing and says which version is labelled instead."""
    newer = s3.put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=picture("PNG"))["VersionId"]
    with pytest.raises(SupersededError, match=newer):
        persist(photo, label("Dog"))
    assert items(labels_table) == []


def test_a_deleted_photo_gets_no_labels(labels_table: Any, s3: Any, photo: Image) -> None:
    s3.delete_object(Bucket=IMAGES, Key="photos/a.jpg")
    with pytest.raises(SupersededError, match="deleted while it was being labelled"):
        persist(photo, label("Dog"))
    assert items(labels_table) == []


def test_a_run_that_wrote_in_between_makes_this_one_start_over(labels_table: Any, photo: Image) -> None:
    """Two executions read the same state; the second to write changes nothing and is retried."""
    seen = read(PHOTO_ID)
    persist(photo, label("Dog"), execution=EXECUTION + "-other")
    late: list[Any] = [{"image_id": PHOTO_ID, "record": "IMAGE", "execution": EXECUTION, "labelled_at": "later"}]
    with pytest.raises(ServiceUnavailableError, match="Another execution wrote the same photo"):
        replace(seen, late)
    assert names(labels_table) == ["IMAGE", "LABEL#Dog"]


def test_a_run_that_overwrote_what_was_read_makes_this_one_start_over(labels_table: Any, photo: Image) -> None:
    """The same, when the photo was in the table before."""
    persist(photo, label("Dog"))
    seen = read(PHOTO_ID)
    persist(photo, label("Cat"), execution=EXECUTION + "-other")
    with pytest.raises(ServiceUnavailableError, match="Another execution"):
        replace(seen, seen.items)
    assert names(labels_table) == ["IMAGE", "LABEL#Cat"]


def cancelled(*reasons: str) -> ClientError:
    """Return the error of a cancelled transaction; DynamoDB gives one reason for each action."""
    return refusal("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (cancelled("ThrottlingError"), ThrottledError),
        (cancelled("None", "ProvisionedThroughputExceeded"), ThrottledError),
        (cancelled("ConditionalCheckFailed", "ThrottlingError"), ThrottledError),
        (cancelled("None", "TransactionConflict"), ServiceUnavailableError),
        (cancelled("None", "ConditionalCheckFailed", "TransactionConflict"), ServiceUnavailableError),
        (cancelled(), ServiceUnavailableError),
        (cancelled("None", "AccessDenied"), AccessDeniedError),
        (cancelled("ConditionalCheckFailed", "AccessDeniedException"), AccessDeniedError),
        (cancelled("ValidationError"), ClientError),
        (cancelled("ConditionalCheckFailed", "ValidationError"), ClientError),
        (cancelled("ItemCollectionSizeLimitExceeded", "ThrottlingError"), ClientError),
        (cancelled("SomethingNew"), ClientError),
        (refusal("TransactionInProgressException"), ServiceUnavailableError),
        (refusal("ThrottlingException"), ThrottledError),
        (refusal("InternalServerError", 500), ServiceUnavailableError),
        (refusal("AccessDeniedException"), AccessDeniedError),
    ],
)
def test_each_refusal_of_a_transaction_has_its_name(photo: Image, answer: Exception, error: type[Exception]) -> None:
    """Busy is waited for, a conflict is tried again; what another execution did not cause is for us to mend."""
    refuse(labels().meta.client, "TransactWriteItems", answer)
    with pytest.raises(error):
        persist(photo, label("Dog"))


def test_a_table_that_may_not_be_read_names_the_permission(photo: Image) -> None:
    refuse(labels().meta.client, "Query", refusal("AccessDeniedException"))
    with pytest.raises(AccessDeniedError, match="no permission for dynamodb:Query on table/labels"):
        persist(photo)


def test_a_missing_setting_is_named(photo: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_NAME")
    with pytest.raises(RuntimeError, match="TABLE_NAME is not set"):
        persist(photo)
