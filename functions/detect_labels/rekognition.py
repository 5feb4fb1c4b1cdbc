"""The call to Rekognition, and what each of its errors means to the workflow."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from shared.aws import AccessDeniedError, client, error_code, permitted
from shared.errors import CorruptImageError, ImageNotFoundError, ImageTooLargeError
from shared.models import Image

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef

GONE = {"404", "NoSuchKey", "NoSuchVersion"}


def detect(image: Image, max_labels: int, min_confidence: float) -> "DetectLabelsResponseTypeDef":
    """Ask Rekognition for labels of the pinned version.

    Raises ImageTooLargeError, CorruptImageError, ImageNotFoundError, and what `shared.aws.permitted` raises.
    """
    place = {"Bucket": image["bucket"], "Name": image["key"], "Version": image["versionId"]}
    try:
        with permitted("rekognition:DetectLabels", "*"):
            answer: DetectLabelsResponseTypeDef = client("rekognition").detect_labels(
                Image={"S3Object": place}, MaxLabels=max_labels, MinConfidence=min_confidence
            )
            return answer
    except ClientError as error:
        raise _rejection(error, image) from error


def _rejection(error: ClientError, image: Image) -> Exception:
    match error_code(error):
        case "ImageTooLargeException":
            return ImageTooLargeError("Rekognition finds the photo too large. Upload a smaller version.")
        case "InvalidImageFormatException":
            return CorruptImageError("Rekognition cannot decode the photo. Upload an intact copy.")
        case "InvalidS3ObjectException":
            return _unreadable(image, error)
    return error


def _unreadable(image: Image, original: ClientError) -> Exception:
    """Rekognition says the same for a missing object, a missing permission and a wrong region: find out which."""
    bucket, key, version = image["bucket"], image["key"], image["versionId"]
    try:
        with permitted("s3:GetObjectVersion", f"arn:aws:s3:::{bucket}/{key}"):
            client("s3").head_object(Bucket=bucket, Key=key, VersionId=version)
    except ClientError as error:
        if error_code(error) in GONE:
            return ImageNotFoundError("The photo was deleted before it could be labelled. Upload it again.")
        return error
    except AccessDeniedError as error:
        return error
    return original
