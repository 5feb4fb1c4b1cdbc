"""Calls to AWS: clients made once, and each AWS error turned into the workflow's vocabulary."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's name
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from imagelabels_shared.errors import ServiceUnavailableError, ThrottledError

# One quiet second attempt for a dropped connection; everything else is for Step Functions to see and show.
CONFIG = Config(
    retries={"total_max_attempts": 2, "mode": "standard"},
    connect_timeout=3,
    read_timeout=10,
)
THROTTLES = {
    # A HEAD has no body to name the error in: this is S3's SlowDown.
    "503",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttled",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
OUTAGES = {"InternalError", "InternalServerError", "RequestTimeout", "ServiceUnavailable"}
DENIALS = {
    "403",
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
}
SERVER_FAULT = 500
# A connection that never came about is no HTTPClientError.
BROKEN_ANSWERS = (ConnectionError, HTTPClientError, FlexibleChecksumError, IncompleteReadError)


class AccessDeniedError(Exception):
    """A role lacks a permission. No branch of the workflow knows it: it is ours to mend, so it is a failure."""


@functools.cache
def client(service: str) -> Any:
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]  # the stubs want a literal name


@contextmanager
def aws_call(permission: str, resource: str) -> Iterator[None]:
    """Run one AWS call that needs `permission` on `resource` (an ARN), and name its errors for the workflow.

    Raises ThrottledError, ServiceUnavailableError, AccessDeniedError, or AWS's own error untouched.
    """
    try:
        yield
    except ClientError as error:
        named = _translate(error, permission, resource)
        if named is None:
            raise
        raise named from error
    except BROKEN_ANSWERS as error:
        raise ServiceUnavailableError(f"No answer to {permission} on {resource}: {error}") from error


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _translate(error: ClientError, permission: str, resource: str) -> Exception | None:
    code, status = error_code(error), error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in THROTTLES:
        return ThrottledError(f"AWS asked to slow down at {permission} on {resource}: {error}")
    if code in OUTAGES or status >= SERVER_FAULT:
        return ServiceUnavailableError(f"AWS had a fault at {permission} on {resource}: {error}")
    if code in DENIALS:
        return AccessDeniedError(f"The function's role may not {permission} on {resource}. AWS said: {error}")
    return None
