"""NormalizeImage puts a Rekognition-ready copy into the work bucket; DetectLabels looks at that one."""

import io
from typing import Any

import pytest
from PIL import Image

from detect_labels.handler import handler as detect_labels
from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.errors import ArchivedImageError, ImageNotFoundError, ThrottledError
from normalize_image.handler import handler
from tests import resources
from tests.corpus.files import turned
from tests.lambda_context import Context
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES, WORK
from tests.unit.samples import EXECUTION, image


def normalize(photo: Any) -> Any:
    return handler({"execution": EXECUTION, "image": photo}, Context())


@pytest.fixture
def photo(s3: Any) -> Any:
    """A WebP stored on its side, as ValidateImage describes it."""
    resources.create_tables()
    version = s3.put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=turned("WEBP", 6))["VersionId"]
    described = dict(
        image(versionId=version, format="WebP", needsNormalizing=True, reasons=["WebP is not JPEG or PNG"])
    )
    return {name: value for name, value in described.items() if name not in {"width", "height"}}


def test_the_copy_is_upright_and_its_place_is_in_the_answer(s3: Any, photo: Any) -> None:
    """What was known of the original stays, and its sides, as stored, are known now."""
    answer = normalize(photo)
    copy = answer.pop("normalized")
    assert answer == photo | {"width": 360, "height": 480}
    assert (copy["bucket"], copy["width"], copy["height"]) == (WORK, 480, 360)
    assert copy["did"] == ["converted from WebP to JPEG", "turned upright"]
    body = s3.get_object(Bucket=WORK, Key=copy["key"])["Body"].read()
    assert (len(body), Image.open(io.BytesIO(body)).size) == (copy["size"], (480, 360))


def test_each_version_of_a_photo_has_one_place_however_long_its_key(s3: Any, photo: Any) -> None:
    s3.put_object(Bucket=IMAGES, Key="k" * 1024, Body=turned("WEBP", 3))
    version = s3.head_object(Bucket=IMAGES, Key="k" * 1024)["VersionId"]
    places = [
        normalize(one)["normalized"]["key"] for one in (photo, photo, photo | {"key": "k" * 1024, "versionId": version})
    ]
    assert len(set(places)) == 2
    assert all(place.startswith("normalized/") and place.endswith(".jpg") for place in places)


def test_the_pinned_version_is_converted_even_when_a_newer_one_is_there(s3: Any, photo: Any) -> None:
    s3.put_object(Bucket=IMAGES, Key=photo["key"], Body=b"newer, and no photo")
    assert normalize(photo)["width"] == 360


def test_a_photo_deleted_in_between_is_not_found(s3: Any, photo: Any) -> None:
    s3.delete_object(Bucket=IMAGES, Key=photo["key"], VersionId=photo["versionId"])
    with pytest.raises(ImageNotFoundError, match="before it could be converted"):
        normalize(photo)


def test_a_photo_archived_in_between_is_the_owners_to_restore(photo: Any) -> None:
    refuse(client("s3"), "GetObject", refusal("InvalidObjectState", 403, "GetObject", AccessTier="ARCHIVE_ACCESS"))
    with pytest.raises(ArchivedImageError, match="ARCHIVE_ACCESS"):
        normalize(photo)


@pytest.mark.parametrize(
    ("operation", "answer", "error", "says"),
    [
        ("GetObject", refusal("SlowDown", 503), ThrottledError, "s3:GetObjectVersion on arn:aws:s3:::images/"),
        ("GetObject", refusal("AccessDenied", 403), AccessDeniedError, "s3:GetObjectVersion on arn:aws:s3:::images/"),
        ("PutObject", refusal("SlowDown", 503), ThrottledError, "s3:PutObject on arn:aws:s3:::work/normalized/"),
        ("PutObject", refusal("AccessDenied", 403), AccessDeniedError, "s3:PutObject on arn:aws:s3:::work/normalized/"),
    ],
)
@pytest.mark.usefixtures("s3")
def test_an_error_of_s3_is_not_blamed_on_the_photo(
    photo: Any, operation: str, answer: Exception, error: type[Exception], says: str
) -> None:
    refuse(client("s3"), operation, answer)
    with pytest.raises(error, match=says):
        normalize(photo)


def test_labels_are_asked_for_the_copy(photo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_LABELS", "5")
    asked: list[Any] = []
    client("rekognition").meta.events.register(
        "provide-client-params.rekognition.DetectLabels", lambda params, **_rest: asked.append(params["Image"])
    )
    normalized = normalize(photo)
    detect_labels({"execution": EXECUTION, "image": normalized}, Context())
    assert asked == [{"S3Object": {"Bucket": WORK, "Name": normalized["normalized"]["key"]}}]


def test_a_copy_that_was_deleted_after_a_day_is_a_failure_that_says_what_to_do(photo: Any) -> None:
    normalized = normalize(photo)
    refuse(client("rekognition"), "DetectLabels", refusal("InvalidS3ObjectException", 400))
    with pytest.raises(FileNotFoundError, match="Start a new execution"):
        detect_labels({"execution": EXECUTION, "image": normalized}, Context())
