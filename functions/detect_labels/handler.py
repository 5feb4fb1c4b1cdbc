"""DetectLabels: call Rekognition at the photo's turn; store its whole answer, return a bounded summary."""

import json
from typing import TYPE_CHECKING, Any

from detect_labels.custom_labels import detect_custom_labels, merged
from detect_labels.environment import DetectLabelsEnvironment, WithImageProperties
from detect_labels.image_properties import image_properties
from detect_labels.pacing import Admitted, Photo, enter, throttled
from detect_labels.rekognition import RekognitionThrottledError, detect
from detect_labels.summary import summarize
from detect_labels.wanted import confidences, only_wanted, parameters
from imagelabels_shared import timestamps
from imagelabels_shared.aws import aws_call, client, object_arn
from imagelabels_shared.environment import CustomLabelsModel
from imagelabels_shared.models import Detection, Image, ObjectReference, Postponed, Turn
from imagelabels_shared.observability import logger, step
from imagelabels_shared.work_objects import ANSWERS, work_object

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef


@step
def handler(event: dict[str, Any]) -> dict[str, Any]:
    environment = DetectLabelsEnvironment.from_environ()
    photo, image = Photo.of(event), event["image"]
    entered = enter(photo, environment.limit)
    if not isinstance(entered, Admitted):
        return postponed(entered)
    try:
        # The model comes first: when it does not run or throttles, no DetectLabels is paid.
        custom = _of_own_model(image, environment)
        answer = only_wanted(detect(image, parameters(environment)), environment)
    except RekognitionThrottledError as error:
        logger().warning("Rekognition throttled a call that had its turn", cause=str(error))
        return postponed(throttled(photo, entered, environment.limit, str(error)))
    if custom is not None:
        answer = merged(answer, custom, _model())
    return found(answer, image, entered.turn, environment)


def found(
    answer: "DetectLabelsResponseTypeDef", image: Image, turn: Turn, environment: DetectLabelsEnvironment
) -> dict[str, Any]:
    labels = summarize(answer, environment.max_labels)
    logger().append_keys(labels=len(labels))
    return dict(
        Detection(
            labels=labels,
            modelVersion=answer.get("LabelModelVersion", "unknown"),
            detectedAt=timestamps.now(),
            answer=store(answer, image),
            turn=turn,
            imageProperties=image_properties(answer) if WithImageProperties.is_set() else None,
        )
    )


def postponed(turn: Turn) -> dict[str, Any]:
    logger().append_keys(turn=turn["at"], before=turn["before"])
    return dict(Postponed(labels=[], modelVersion=None, detectedAt=None, answer=None, turn=turn, imageProperties=None))


def _model() -> str:
    return CustomLabelsModel.from_environ().custom_labels_model


def _of_own_model(image: Image, environment: DetectLabelsEnvironment) -> list[dict[str, Any]] | None:
    """Return the labels of the stack's Custom Labels model; None without a model. Raises as `detect_custom_labels`."""
    if not CustomLabelsModel.is_set():
        return None
    return detect_custom_labels(image, _model(), confidences(environment))


def store(answer: "DetectLabelsResponseTypeDef", image: Image) -> ObjectReference:
    """Store Rekognition's whole answer, boxes included, as JSON in the work bucket. Raises what `aws_call` raises."""
    body = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    target = work_object(ANSWERS, image, "json")
    with aws_call("s3:PutObject", object_arn(target["bucket"], target["key"])):
        client("s3").put_object(
            Bucket=target["bucket"],
            Key=target["key"],
            Body=json.dumps(body).encode(),
            ContentType="application/json",
        )
    return target
