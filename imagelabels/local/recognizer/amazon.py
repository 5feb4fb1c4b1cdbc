"""Amazon Rekognition itself, for a stack that runs on this machine: the person's own account answers, and pays."""

import json
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import cv2
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from imagelabels.deploy.preflight import check_rekognition, environment
from imagelabels.errors import UserError
from imagelabels.local.recognizer import picture
from imagelabels.local.recognizer.fixed import REKOGNITION
from imagelabels.local.recognizer.refused import RefusedError
from imagelabels.terminal.aws_errors import sentence

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

# What the engine's server gets, and takes out of its environment before a function could see it.
VARIABLE = "REKOGNITION_ACCESS"
# The workflow retries, and must see each refusal.
CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=20)
# What Rekognition says of bytes that are no photo, once it knows that the caller may ask.
MAY_ASK = "InvalidImageFormatException"
OUTAGE = "InternalServerError"
JPEG_QUALITY = 90
SMALLER = 0.8


class Access(NamedTuple):
    """Whose Rekognition answers: the account that pays, the Region, and credentials; all as text."""

    account: str
    region: str
    endpoint: str
    key: str
    secret: str
    token: str | None

    def variables(self) -> dict[str, str]:
        return {VARIABLE: json.dumps(self)}

    def client(self) -> "RekognitionClient":
        session = boto3.Session(self.key, self.secret, self.token, self.region)
        return session.client("rekognition", endpoint_url=self.endpoint, config=CONFIG)


def access(session: boto3.Session) -> Access:
    """Return what a session's own credentials give; raises UserError with what is missing."""
    payer = environment(session)
    check_rekognition(session, payer.region)
    credentials = session.get_credentials()
    if credentials is None:
        raise UserError("There are no AWS credentials: run `aws configure` or `aws sso login`.")
    key, secret, token = credentials.get_frozen_credentials()[:3]
    endpoint = session.client("rekognition").meta.endpoint_url
    return Access(payer.account, payer.region, endpoint, str(key), str(secret), token)


def require_permission(own: Access) -> None:
    """Ask Rekognition about no photo, which costs nothing; raises UserError when it would refuse a photo too."""
    try:
        own.client().detect_labels(Image={"Bytes": b"no photo"})
    except ClientError as error:
        if error.response["Error"]["Code"] != MAY_ASK:
            raise UserError(f"Rekognition refuses: {sentence(error)}") from error
    except BotoCoreError as error:
        raise UserError(f"Rekognition cannot be asked: {sentence(error)}") from error


def taken(environment: MutableMapping[str, str]) -> Access:
    """Take the access out of a server's environment."""
    return Access(*json.loads(environment.pop(VARIABLE)))


class AmazonRekognition:
    """A LabelDetector that sends each photo to Amazon Rekognition."""

    mode = REKOGNITION

    def __init__(self, own: Access) -> None:
        self._client = own.client()

    def detect_labels(self, photo: bytes, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return Rekognition's own answer; raises RefusedError with its error name and a sentence."""
        return _answer(self._client.detect_labels, _small(photo), parameters)

    def detect_custom_labels(self, photo: bytes, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer of a Custom Labels model of the account; raises as `detect_labels`."""
        most = picture.DETECT_CUSTOM_LABELS.inline_bytes
        return _answer(self._client.detect_custom_labels, _small(photo, most), parameters)


def _answer(operation: Callable[..., Any], photo: bytes, parameters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = {**operation(Image={"Bytes": photo}, **parameters)}
    except ClientError as error:
        raise RefusedError(error.response["Error"]["Code"], sentence(error)) from error
    except BotoCoreError as error:
        raise RefusedError(OUTAGE, sentence(error)) from error
    answer.pop("ResponseMetadata")
    return answer


def _small(photo: bytes, most: int = picture.MAX_INLINE_BYTES) -> bytes:
    """Return the photo, or a JPEG of it that is small enough to be sent: an S3 object may have 15 MB, bytes 5 MB."""
    if len(photo) <= most:
        return photo
    image = picture.decode(photo)
    while len(photo) > most:
        photo = bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1])
        image = cv2.resize(image, None, fx=SMALLER, fy=SMALLER, interpolation=cv2.INTER_AREA)
    return photo
