"""Who asks, whether they may, and the photo as they may read it: as at AWS, with the caller's own rights."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from ministack.core import iam_evaluator
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.core.router import extract_access_key_id

from imagelabels.local.recognizer.refused import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCOUNT = "000000000000"
Headers = Sequence[tuple[bytes, bytes]]


def authorize(
    headers: Headers, body: bytes, region: str, operation: str = "DetectLabels", resource: str = "*"
) -> iam_evaluator.ResolvedCredential:
    """Check the signature, and the operation on a resource (an ARN); raises RefusedError as AWS would answer."""
    named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    set_request_account_id(ACCOUNT)
    set_request_region(region)
    iam_evaluator.pin_signed_request("POST", "/", {}, headers)
    iam_evaluator.pin_signed_body(body)
    key = extract_access_key_id(named, {})
    denied = iam_evaluator.enforce(key, f"rekognition:{operation}", "rekognition", region, resource)
    if isinstance(denied, iam_evaluator.AuthError):
        raise RefusedError(denied.code, denied.message)
    if denied is not None:
        who = f"User: {denied.principal_arn} is not authorized to perform: rekognition:{operation}"
        raise RefusedError("AccessDeniedException", who)
    return iam_evaluator.resolve_credential(key, ACCOUNT)


def read_object(who: iam_evaluator.ResolvedCredential, place: dict[str, str], endpoint: str, region: str) -> bytes:
    """Read the photo with the caller's credentials; any refusal is InvalidS3ObjectException, as at AWS."""
    s3 = _s3(who.access_key_id, who.secret_access_key, who.session_token, endpoint, region)
    version: dict[str, Any] = {"VersionId": place["Version"]} if place.get("Version") else {}
    try:
        return s3.get_object(Bucket=place["Bucket"], Key=place["Name"], **version)["Body"].read()
    except ClientError as error:
        sentence = "Unable to get object metadata from S3. Check object key, region and/or access permissions."
        raise RefusedError("InvalidS3ObjectException", sentence) from error


# Making a client takes longer than using it; each function has one set of credentials.
@functools.lru_cache(maxsize=16)
def _s3(key: str, secret: str, token: str | None, endpoint: str, region: str) -> "S3Client":
    return boto3.Session(key, secret, token, region).client(
        "s3",
        endpoint_url=endpoint,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
