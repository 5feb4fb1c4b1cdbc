"""The call to Rekognition, and what each of its errors means to the workflow."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from imagelabels_shared.aws import AccessDeniedError, aws_call, client, error_code, object_arn
from imagelabels_shared.errors import CorruptImageError, ImageTooLargeError, ThrottledError
from imagelabels_shared.models import Image, Normalized
from imagelabels_shared.object_versions import UNVERSIONED, rejection

if TYPE_CHECKING:
    from mypy_boto3_rekognition.type_defs import DetectLabelsResponseTypeDef, S3ObjectTypeDef


class RekognitionThrottledError(Exception):
    """Rekognition asked to slow down, though the call had its turn: others in the account call it, too."""


def detect(image: Image, parameters: dict[str, Any]) -> "DetectLabelsResponseTypeDef":
    """Ask Rekognition for labels of the normalized copy if there is one, else of the pinned version.

    `parameters` are those of DetectLabels other than Image.

    Raises RekognitionThrottledError, ImageTooLargeError, CorruptImageError, what `rejection` returns, and what
    `aws_call` raises; FileNotFoundError when the copy is deleted: only a new execution makes another one.
    """
    try:
        with aws_call("rekognition:DetectLabels", "*"):
            answer: DetectLabelsResponseTypeDef = client("rekognition").detect_labels(
                Image={"S3Object": s3_object(image)}, **parameters
            )
            return answer
    except ThrottledError as error:
        raise RekognitionThrottledError(str(error)) from error
    except ClientError as error:
        raise rejection_of(error, image) from error


def s3_object(image: Image) -> "S3ObjectTypeDef":
    """Return what Rekognition looks at: the normalized copy if there is one, else the pinned version."""
    if copy := image.get("normalized"):
        return {"Bucket": copy["bucket"], "Name": copy["key"]}
    photo: S3ObjectTypeDef = {"Bucket": image["bucket"], "Name": image["key"]}
    # Rekognition takes a version of a bucket that has versions.
    return photo if image["versionId"] == UNVERSIONED else {**photo, "Version": image["versionId"]}


def rejection_of(error: ClientError, image: Image) -> Exception:
    """Return what an error of Rekognition says of the photo, or the error itself."""
    match error_code(error):
        case "ImageTooLargeException":
            return ImageTooLargeError("Rekognition finds the photo too large. Upload a smaller version.")
        case "InvalidImageFormatException":
            return CorruptImageError("Rekognition cannot decode the photo. Upload an intact copy.")
        case "InvalidS3ObjectException":
            return _copy_gone(image["normalized"]) if "normalized" in image else _unreadable(image, error)
    return error


def _copy_gone(copy: Normalized) -> FileNotFoundError:
    return FileNotFoundError(
        f"Rekognition cannot read the converted copy s3://{copy['bucket']}/{copy['key']}: copies are deleted after a "
        "day. Start a new execution for the photo; if that fails too, the role lacks s3:GetObject on the copy."
    )


def _unreadable(image: Image, original: ClientError) -> Exception:
    """Return the reason for InvalidS3ObjectException: a deleted or archived object, a missing permission, a region."""
    bucket, key, version = image["bucket"], image["key"], image["versionId"]
    try:
        with aws_call("s3:GetObjectVersion", object_arn(bucket, key)):
            # HeadObject would not tell that the object is in an archive.
            client("s3").get_object(Bucket=bucket, Key=key, VersionId=version, Range="bytes=0-0")
    except ClientError as error:
        return rejection(error, "The photo was deleted before it could be labelled. Upload it again.")
    except AccessDeniedError as error:
        return error
    return original
