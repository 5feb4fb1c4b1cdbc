"""DetectLabels asks Rekognition about the pinned version, keeps the whole answer and passes on a bounded summary."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from detect_labels.handler import handler
from detect_labels.summary import MAX_RELATED, summarize
from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.errors import (
    ArchivedImageError,
    CorruptImageError,
    ImageNotFoundError,
    ImageTooLargeError,
    ServiceUnavailableError,
    ThrottledError,
)
from imagelabels_shared.models import Image
from tests import resources
from tests.lambda_context import Context
from tests.pictures import picture
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES, WORK
from tests.unit.samples import EXECUTION, image


def detect(photo: Image) -> dict[str, Any]:
    return handler({"execution": EXECUTION, "image": photo}, Context())


def seen(name: str, confidence: float, related: int = 1) -> dict[str, Any]:
    """Return a label as Rekognition answers it."""
    relatives = [{"Name": f"{name} relative {number}"} for number in range(related)]
    return {
        "Name": name,
        "Confidence": confidence,
        "Instances": [{"BoundingBox": {"Width": 0.1, "Height": 0.1, "Left": 0.1, "Top": 0.1}, "Confidence": 99.0}],
        "Parents": relatives,
        "Aliases": relatives,
        "Categories": relatives,
    }


@pytest.fixture
def photo(s3: Any) -> Image:
    """A pinned photo that is in the bucket."""
    resources.create_tables()
    version = s3.put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=picture())["VersionId"]
    return image(versionId=version)


def test_the_labels_travel_on_and_the_whole_answer_is_kept(s3: Any, photo: Image) -> None:
    """Boxes stay in the work bucket; the workflow gets their number."""
    result = detect(photo)
    kept = json.loads(s3.get_object(Bucket=WORK, Key=result["answer"]["key"])["Body"].read())
    assert [label["name"] for label in result["labels"]] == [label["Name"] for label in kept["Labels"]]
    assert result["labels"][0]["instances"] == len(kept["Labels"][0]["Instances"])
    assert (result["modelVersion"], result["answer"]["bucket"]) == (kept["LabelModelVersion"], WORK)
    assert "ResponseMetadata" not in kept


@pytest.fixture
def asked() -> list[dict[str, Any]]:
    """What Rekognition was asked, call by call."""
    calls: list[dict[str, Any]] = []
    events = client("rekognition").meta.events
    events.register("provide-client-params.rekognition.DetectLabels", lambda params, **_: calls.append(params))
    return calls


def test_filters_are_those_of_rekognition_itself(
    photo: Image, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that one call is paid; what is asked is checked by botocore."""
    filters = {"LabelInclusionFilters": ["Car"], "LabelCategoryExclusionFilters": ["Animals and Pets"]}
    monkeypatch.setenv("LABEL_FILTERS", json.dumps(filters))
    detect(photo)
    assert [call["Settings"] for call in asked] == [{"GeneralLabels": filters}]


def test_a_label_may_have_a_confidence_of_its_own(
    s3: Any, photo: Image, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moto finds Mobile Phone (99.9), Urban (99.9) and others; the lowest is asked for, each label has its own."""
    before = [label["name"] for label in detect(photo)["labels"]]
    name = before[0]
    monkeypatch.setenv("LABEL_CONFIDENCE", json.dumps({name: 100, "Dog": 60.5}))
    result = detect(photo)
    assert [call["MinConfidence"] for call in asked] == [70.0, 60.5]
    assert [label["name"] for label in result["labels"]] == [other for other in before if other != name]
    kept = json.loads(s3.get_object(Bucket=WORK, Key=result["answer"]["key"])["Body"].read())
    assert name not in [label["Name"] for label in kept["Labels"]]


def test_rekognition_is_asked_about_the_pinned_version_within_the_settings(
    photo: Image, asked: list[dict[str, Any]]
) -> None:
    detect(photo)
    place = {"Bucket": IMAGES, "Name": "photos/a.jpg", "Version": photo["versionId"]}
    assert asked == [{"Image": {"S3Object": place}, "MaxLabels": 20, "MinConfidence": 70.0}]


def test_the_same_version_is_kept_in_the_same_place(s3: Any, photo: Image) -> None:
    """A restart overwrites its own answer, and a key of 1,024 bytes still fits."""
    assert detect(photo)["answer"] == detect(photo)["answer"]
    assert s3.list_objects_v2(Bucket=WORK)["KeyCount"] == 1
    long = image(key="k" * 1024, versionId=photo["versionId"])
    assert len(detect(long)["answer"]["key"].encode()) < 1024


def test_a_thousand_labels_become_the_surest_twenty() -> None:
    """Rekognition may answer 1,000 labels with endless relatives; a state's output must stay small."""
    answer: Any = {"Labels": [seen(f"{'L' * 200} {number:04}", number / 10, related=50) for number in range(1000)]}
    labels = summarize(answer, 20)
    assert [label["confidence"] for label in labels] == [number / 10 for number in range(999, 979, -1)]
    assert (
        {len(label["parents"]) for label in labels} == {len(label["categories"]) for label in labels} == {MAX_RELATED}
    )
    assert len(json.dumps(summarize(answer, 49))) < 262_144


def test_equally_sure_labels_come_in_the_order_of_their_names() -> None:
    """The same photo gives the same list each time."""
    answer: Any = {"Labels": [seen("Wolf", 90.0), seen("Dog", 90.0), seen("Cat", 95.0)]}
    assert [label["name"] for label in summarize(answer, 20)] == ["Cat", "Dog", "Wolf"]


def test_a_label_without_boxes_parents_or_categories_is_a_label() -> None:
    answer: Any = {"Labels": [{"Name": "Night", "Confidence": 71.25}]}
    assert summarize(answer, 20) == [
        {"name": "Night", "confidence": 71.25, "parents": [], "categories": [], "instances": 0}
    ]


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ImageTooLargeException", 400, ImageTooLargeError),
        ("InvalidImageFormatException", 400, CorruptImageError),
        ("ThrottlingException", 400, ThrottledError),
        ("ThrottlingException", 500, ThrottledError),
        ("ProvisionedThroughputExceededException", 400, ThrottledError),
        ("InternalServerError", 500, ServiceUnavailableError),
        ("AccessDeniedException", 400, AccessDeniedError),
        ("InvalidParameterException", 400, ClientError),
    ],
)
def test_each_error_of_rekognition_has_its_name(photo: Image, code: str, status: int, error: type[Exception]) -> None:
    refuse(client("rekognition"), "DetectLabels", refusal(code, status, "DetectLabels"))
    with pytest.raises(error, match=code if error not in (ImageTooLargeError, CorruptImageError) else "Upload"):
        detect(photo)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal("NoSuchKey", 404), ImageNotFoundError),
        (refusal("NoSuchVersion", 404), ImageNotFoundError),
        (refusal("InvalidObjectState", 403, StorageClass="GLACIER"), ArchivedImageError),
        (refusal("AccessDenied", 403), AccessDeniedError),
        (refusal("SlowDown", 503), ThrottledError),
        (refusal("InternalError", 500), ServiceUnavailableError),
    ],
)
def test_an_unreadable_object_is_looked_into(photo: Image, answer: ClientError, error: type[Exception]) -> None:
    """Rekognition says the same for a missing photo and a missing permission; S3 knows which it is."""
    refuse(client("rekognition"), "DetectLabels", refusal("InvalidS3ObjectException", 400, "DetectLabels"))
    refuse(client("s3"), "GetObject", answer)
    with pytest.raises(error):
        detect(photo)


def test_an_object_that_only_rekognition_cannot_read_keeps_its_error(photo: Image) -> None:
    """A bucket in another region, for one."""
    refuse(client("rekognition"), "DetectLabels", refusal("InvalidS3ObjectException", 400, "DetectLabels"))
    with pytest.raises(ClientError, match="InvalidS3ObjectException"):
        detect(photo)


def test_an_answer_that_cannot_be_kept_names_the_permission(photo: Image) -> None:
    refuse(client("s3"), "PutObject", refusal("AccessDenied", 403, "PutObject"))
    with pytest.raises(AccessDeniedError, match="no permission for s3:PutObject on arn:aws:s3:::work/detections/"):
        detect(photo)
