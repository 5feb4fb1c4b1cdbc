"""A request to DetectLabels or DetectCustomLabels, refused as Rekognition refuses it."""

import functools
from typing import Any

import botocore.session
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from imagelabels.local.recognizer.refused import RefusedError

MOST_PERCENT = 100.0
GENERAL_LABELS, IMAGE_PROPERTIES = "GENERAL_LABELS", "IMAGE_PROPERTIES"
# "These arguments are only valid when supplying GENERAL_LABELS as a feature type": AWS's page of DetectLabels.
OF_GENERAL_LABELS = {"MaxLabels", "MinConfidence"}


@functools.cache
def model() -> ServiceModel:
    """Return botocore's own model of Rekognition: its shapes, and what each must have."""
    return botocore.session.get_session().get_service_model("rekognition")


def check(request: dict[str, Any], operation: str = "DetectLabels") -> None:
    """Raise RefusedError for parameters that an operation does not take."""
    shape = model().shape_for(f"{operation}Request")
    report = ParamValidator().validate(request, shape)
    if report.has_errors():
        raise RefusedError("InvalidParameterException", f"Request has invalid parameters: {report.generate_report()}")
    if request.get("MinConfidence", 0) > MOST_PERCENT:
        raise RefusedError("InvalidParameterException", "Request has invalid parameters: MinConfidence is over 100")
    features = request.get("Features") or [GENERAL_LABELS]
    if unknown := set(features) - {GENERAL_LABELS, IMAGE_PROPERTIES}:
        raise RefusedError("InvalidParameterException", f"Request has invalid parameters: Features {sorted(unknown)}")
    if OF_GENERAL_LABELS & request.keys() and GENERAL_LABELS not in features:
        names = " and ".join(sorted(OF_GENERAL_LABELS))
        raise RefusedError(
            "InvalidParameterException", f"Request has invalid parameters: {names} need {GENERAL_LABELS}"
        )
