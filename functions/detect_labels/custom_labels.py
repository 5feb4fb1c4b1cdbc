"""A model of Rekognition Custom Labels that looks at each photo, too: the call, its failures, and one answer of both.

The model belongs to a person and runs for money: docs/custom-labels.md.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from detect_labels.rekognition import RekognitionThrottledError, rejection_of, s3_object
from imagelabels_shared.aws import aws_call, client, error_code
from imagelabels_shared.errors import ThrottledError
from imagelabels_shared.images.limits import custom_labels_take_shape
from imagelabels_shared.models import CUSTOM, Image
from imagelabels_shared.prices import CUSTOM_LABELS

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import CustomLabelTypeDef, DetectLabelsResponseTypeDef

# Rekognition's own answer has no such field; the whole answer in the work bucket has it for these labels.
SOURCE = "Source"


class ModelNotRunningError(Exception):
    """The Custom Labels model is not started. No Retry and no Catch names it, so the execution fails at once."""


class ModelNotFoundError(Exception):
    """There is no Custom Labels model of this ARN. A failure at once, too."""


def detect_custom_labels(image: Image, model: str, least: dict[str, float]) -> list[dict[str, Any]]:
    """Ask the model of this ARN about the photo that DetectLabels gets; return labels in its form.

    A label is as sure as the model's own threshold for it wants, and as `least` (percent, by name) wants. A strip gets
    none, because Custom Labels takes no such shape. Raises ModelNotRunningError, ModelNotFoundError, and otherwise what
    `rekognition.detect` raises.
    """
    seen = image.get("normalized", image)
    if not custom_labels_take_shape(seen["width"], seen["height"]):
        return []
    try:
        with aws_call("rekognition:DetectCustomLabels", model):
            # MaxResults would count each of the boxes that one label has; `summarize` keeps the most labels.
            answer = client("rekognition").detect_custom_labels(
                ProjectVersionArn=model, Image={"S3Object": s3_object(image)}
            )
    except ThrottledError as error:
        raise RekognitionThrottledError(str(error)) from error
    except ClientError as error:
        raise _failure(error, model) or rejection_of(error, image) from error
    found: dict[str, list[CustomLabelTypeDef]] = defaultdict(list)
    for label in answer["CustomLabels"]:
        found[label["Name"]].append(label)
    labels = [_label(name, group) for name, group in found.items()]
    return [label for label in labels if label["Confidence"] >= least.get(label["Name"], 0)]


def merged(
    answer: "DetectLabelsResponseTypeDef", custom: list[dict[str, Any]], model: str
) -> "DetectLabelsResponseTypeDef":
    """Return DetectLabels' answer with the custom labels first.

    A name that both found is one label: as sure as the model is, with the parents and, without boxes of the model, the
    boxes of DetectLabels.
    """
    general: dict[str, Any] = {label["Name"]: label for label in answer["Labels"]}
    labels = [_both(label, general.pop(label["Name"], {})) for label in custom]
    version = f"{answer.get('LabelModelVersion', 'unknown')} + {_name(model)}"
    whole: Any = {**answer, "Labels": [*labels, *general.values()], "LabelModelVersion": version}
    return whole  # type: ignore[no-any-return]  # with one more field than Rekognition's


def _label(name: str, group: "list[CustomLabelTypeDef]") -> dict[str, Any]:
    """Return one label in the form of DetectLabels: a model that finds objects answers each of them as a label."""
    boxes = [
        {"BoundingBox": one["Geometry"]["BoundingBox"], "Confidence": one["Confidence"]}
        for one in group
        if "BoundingBox" in one.get("Geometry", {})
    ]
    return {"Name": name, "Confidence": max(one["Confidence"] for one in group), "Instances": boxes, SOURCE: CUSTOM}


def _both(custom: dict[str, Any], general: dict[str, Any]) -> dict[str, Any]:
    return {**general, **custom, "Instances": custom["Instances"] or general.get("Instances", [])}


def _name(model: str) -> str:
    """Return `project/version` of an ARN arn:...:project/PROJECT/version/VERSION/TIME."""
    _project, project, _version, version, _time = model.rsplit(":", 1)[1].split("/")
    return f"{project}/{version}"


def _failure(error: ClientError, model: str) -> Exception | None:
    match error_code(error):
        case "ResourceNotReadyException":
            hour = f"{CUSTOM_LABELS.usd:.2f}"
            return ModelNotRunningError(
                f"The Custom Labels model {_name(model)} does not run. Start it, which takes minutes and costs about "
                f"${hour} an hour for each inference unit until it is stopped: {_command('start', model)} "
                "--min-inference-units 1 . Then run the failed photos again: "
                "imagelabels reprocess --error ModelNotRunningError . "
                f"Stop it when no more photos come: {_command('stop', model)}"
            )
        case "ResourceNotFoundException":
            return ModelNotFoundError(
                f"There is no Custom Labels model {model}: it was deleted, or the setting customLabelsModel is wrong. "
                f"To see the models: aws rekognition describe-projects --region {_region(model)} . "
                "Then deploy with another ARN, or with an empty one."
            )
    return None


def _command(verb: str, model: str) -> str:
    return f"aws rekognition {verb}-project-version --region {_region(model)} --project-version-arn {model}"


def _region(model: str) -> str:
    return model.split(":")[3]
