"""With a Custom Labels model, DetectLabels asks it first about the same photo, and passes on one list of labels."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from detect_labels.custom_labels import ModelNotFoundError, ModelNotRunningError, merged
from detect_labels.handler import handler
from detect_labels.summary import summarize
from imagelabels_shared import prices
from imagelabels_shared.aws import AccessDeniedError, client
from imagelabels_shared.aws_errors import Kind, kind_of
from imagelabels_shared.errors import CorruptImageError, ImageTooLargeError, ServiceUnavailableError, ThrottledError
from imagelabels_shared.models import Image
from tests import resources
from tests.lambda_context import Context
from tests.pictures import picture
from tests.unit.aws_errors import refusal, refuse
from tests.unit.conftest import IMAGES, WORK
from tests.unit.samples import EXECUTION, image

MODEL = "arn:aws:rekognition:eu-west-1:123456789012:project/cars/version/cars.2026-11-01/1761991200000"
BOX = {"Width": 0.2, "Height": 0.3, "Left": 0.1, "Top": 0.4}
# What moto's model finds in every photo: MyLogo with 77.77 %, in one box.
LOGO = "MyLogo"


@pytest.fixture(autouse=True)
def _with_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOM_LABELS_MODEL", MODEL)


@pytest.fixture
def photo(s3: Any) -> Image:
    """A pinned photo that is in the bucket."""
    resources.create_tables()
    version = s3.put_object(Bucket=IMAGES, Key="photos/a.jpg", Body=picture())["VersionId"]
    return image(versionId=version)


@pytest.fixture
def asked() -> list[tuple[str, dict[str, Any]]]:
    """What Rekognition was asked, call by call."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_more: Any) -> None:
        calls.append((model.name, params))

    client("rekognition").meta.events.register("provide-client-params.rekognition", note)
    return calls


def detect(photo: Image) -> dict[str, Any]:
    return handler({"execution": EXECUTION, "image": photo}, Context())


def test_a_custom_label_comes_first_and_says_so(s3: Any, photo: Image) -> None:
    """However unsure it is: confidences of two models do not compare, and this model is the person's own."""
    result = detect(photo)
    first, *others = result["labels"]
    assert first == {
        "name": LOGO,
        "confidence": pytest.approx(77.77, abs=0.01),
        "parents": [],
        "categories": [],
        "instances": 1,
        "source": "custom",
    }
    assert others
    assert max(label["confidence"] for label in others) > first["confidence"]
    assert not any("source" in label for label in others)
    assert result["modelVersion"].endswith(" + cars/cars.2026-11-01")
    kept = json.loads(s3.get_object(Bucket=WORK, Key=result["answer"]["key"])["Body"].read())
    assert kept["Labels"][0]["Name"] == LOGO
    assert len(kept["Labels"][0]["Instances"]) == 1


def test_the_model_is_asked_first_about_the_same_version(photo: Image, asked: list[tuple[str, dict[str, Any]]]) -> None:
    """Without MinConfidence, the model's own threshold of each label counts; MaxResults would count boxes."""
    detect(photo)
    same = {"S3Object": {"Bucket": IMAGES, "Name": "photos/a.jpg", "Version": photo["versionId"]}}
    assert asked[0] == ("DetectCustomLabels", {"ProjectVersionArn": MODEL, "Image": same})
    assert [(name, params["Image"]) for name, params in asked[1:]] == [("DetectLabels", same)]


def test_the_converted_copy_is_shown_to_both(s3: Any, asked: list[tuple[str, dict[str, Any]]]) -> None:
    resources.create_tables()
    s3.put_object(Bucket=WORK, Key="normalized/a.jpg", Body=picture())
    copy = {"bucket": WORK, "key": "normalized/a.jpg", "width": 640, "height": 480, "size": 9, "did": []}
    detect(image(format="HEIF", normalized=copy))
    assert {params["Image"]["S3Object"]["Name"] for _name, params in asked} == {"normalized/a.jpg"}


@pytest.mark.parametrize(("least", "found"), [(77, True), (78, False)])
def test_a_custom_label_may_have_a_confidence_of_its_own(
    photo: Image,
    least: float,
    found: bool,  # noqa: FBT001  # a parameter of a test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LABEL_CONFIDENCE", json.dumps({LOGO: least}))
    assert (LOGO in [label["name"] for label in detect(photo)["labels"]]) is found


@pytest.mark.parametrize(("sides", "asks"), [((4096, 205), True), ((4096, 204), False), ((80, 1601), False)])
def test_a_strip_is_for_detect_labels_alone(
    photo: Image,
    sides: tuple[int, int],
    asks: bool,  # noqa: FBT001  # a parameter of a test
    asked: list[tuple[str, dict[str, Any]]],
) -> None:
    """Custom Labels takes 20:1 at most."""
    width, height = sides
    assert detect({**photo, "width": width, "height": height})["labels"]
    assert ("DetectCustomLabels" in [name for name, _params in asked]) is asks


def test_without_the_setting_only_detect_labels_is_asked(
    photo: Image, asked: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUSTOM_LABELS_MODEL")
    assert not any("source" in label for label in detect(photo)["labels"])
    assert [name for name, _params in asked] == ["DetectLabels"]


def general(name: str, confidence: float = 90.0, *boxes: dict[str, float]) -> dict[str, Any]:
    """Return a label as DetectLabels answers it."""
    found = [{"BoundingBox": box, "Confidence": confidence} for box in boxes]
    return {"Name": name, "Confidence": confidence, "Instances": found, "Parents": [{"Name": "Vehicle"}]}


def custom(name: str, confidence: float, *boxes: dict[str, float]) -> dict[str, Any]:
    return {**general(name, confidence, *boxes), "Parents": [], "Source": "custom"}


def test_a_name_that_both_found_is_one_label() -> None:
    """As sure as the person's own model is, with the parents that only DetectLabels knows."""
    own = {key: value for key, value in custom("Car", 61.0).items() if key != "Parents"}
    answer: Any = {"Labels": [general("Car", 99.0, BOX), general("Road")], "LabelModelVersion": "3.0"}
    labels = summarize(merged(answer, [own], MODEL), 20)
    assert [(label["name"], label["confidence"]) for label in labels] == [("Car", 61.0), ("Road", 90.0)]
    assert (labels[0]["parents"], labels[0]["instances"], labels[0]["source"]) == (["Vehicle"], 1, "custom")


def test_boxes_of_the_model_come_before_those_of_detect_labels() -> None:
    answer: Any = {"Labels": [general("Car", 99.0, BOX)], "LabelModelVersion": "3.0"}
    whole: Any = merged(answer, [custom("Car", 61.0, {**BOX, "Left": 0.5}, {**BOX, "Left": 0.7})], MODEL)
    assert [one["BoundingBox"]["Left"] for one in whole["Labels"][0]["Instances"]] == [0.5, 0.7]


def test_the_most_labels_are_those_of_both_together() -> None:
    answer: Any = {"Labels": [general(f"Thing {number}", 99.0) for number in range(20)]}
    labels = summarize(merged(answer, [custom("Own", 40.0)], MODEL), 20)
    assert (len(labels), labels[0]["name"]) == (20, "Own")


@pytest.mark.parametrize(
    ("code", "status", "error", "says"),
    [
        ("ThrottlingException", 400, ThrottledError, "rekognition:DetectCustomLabels on arn"),
        ("ProvisionedThroughputExceededException", 400, ThrottledError, "slow down"),
        ("InternalServerError", 500, ServiceUnavailableError, "had a fault"),
        (
            "AccessDeniedException",
            400,
            AccessDeniedError,
            f"no permission for rekognition:DetectCustomLabels on {MODEL}",
        ),
        ("ImageTooLargeException", 400, ImageTooLargeError, "Upload"),
        ("InvalidImageFormatException", 400, CorruptImageError, "Upload"),
        ("LimitExceededException", 400, ClientError, "LimitExceededException"),
        ("InvalidParameterException", 400, ClientError, "InvalidParameterException"),
    ],
)
def test_each_error_of_the_model_has_its_name_and_costs_no_detect_labels(
    photo: Image, asked: list[tuple[str, dict[str, Any]]], code: str, status: int, error: type[Exception], says: str
) -> None:
    refuse(client("rekognition"), "DetectCustomLabels", refusal(code, status, "DetectCustomLabels"))
    with pytest.raises(error, match=says):
        detect(photo)
    assert "DetectLabels" not in [name for name, _params in asked]


def test_a_model_that_does_not_run_is_a_failure_with_the_command_that_starts_it(photo: Image) -> None:
    refuse(client("rekognition"), "DetectCustomLabels", refusal("ResourceNotReadyException"))
    with pytest.raises(ModelNotRunningError) as raised:
        detect(photo)
    said = str(raised.value)
    where = f"--region eu-west-1 --project-version-arn {MODEL}"
    assert f"aws rekognition start-project-version {where} --min-inference-units 1" in said
    assert f"aws rekognition stop-project-version {where}" in said
    assert f"${prices.CUSTOM_LABELS.usd:.2f} an hour for each inference unit" in said
    assert "imagelabels reprocess --error ModelNotRunningError" in said
    assert kind_of("ResourceNotReadyException", 400) is Kind.FAULT


def test_a_model_that_is_not_there_is_a_failure_that_names_the_setting(photo: Image) -> None:
    refuse(client("rekognition"), "DetectCustomLabels", refusal("ResourceNotFoundException"))
    with pytest.raises(ModelNotFoundError, match=f"no Custom Labels model {MODEL}.*customLabelsModel"):
        detect(photo)
