"""Calls to AWS: one client per service, and AWS's errors as errors that the state machine can match."""

# ruff: noqa: E402

import functools
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# What is imported stays. To look through boto3 for garbage takes 10 to 30 ms of a cold start (docs/benchmark.md).
gc.disable()

import boto3
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's name
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from imagelabels_shared.aws_errors import Kind, kind_of
from imagelabels_shared.errors import ServiceUnavailableError, ThrottledError

gc.freeze()
gc.enable()

# botocore tries a second time, for a dropped connection. Step Functions makes all other retries, and shows them.
CONFIG = Config(
    retries={"total_max_attempts": 2, "mode": "standard"},
    connect_timeout=3,
    read_timeout=10,
)
# A failed connection is not an HTTPClientError.
KEY_DENIED = "It may not use the KMS key that encrypts it: name the key in imagesKeyArn, or allow it there. "
BROKEN_ANSWERS = (ConnectionError, HTTPClientError, FlexibleChecksumError, IncompleteReadError)


class AccessDeniedError(Exception):
    """A role lacks a permission. No Retry and no Catch names it, so the execution fails, and operators get a mail."""


@functools.cache
def client(service: str, attempts: int | None = None) -> Any:
    """Return the client of a service, for more attempts than CONFIG has if the call's reason says so."""
    more = Config(retries={"total_max_attempts": attempts, "mode": "standard"}) if attempts else None
    return boto3.client(service, config=CONFIG.merge(more) if more else CONFIG)  # type: ignore[call-overload]  # the stubs want a literal name


def object_arn(bucket: str, key: str) -> str:
    """Return the ARN of an S3 object, in the partition of the function's Region."""
    return f"arn:{client('s3').meta.partition}:s3:::{bucket}/{key}"


@contextmanager
def aws_call(permission: str, resource: str) -> Iterator[None]:
    """Translate the errors of one AWS call that needs `permission` on `resource` (an ARN).

    Raises ThrottledError, ServiceUnavailableError, AccessDeniedError, or AWS's own error unchanged.
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
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    match kind_of(error_code(error), status):
        case Kind.THROTTLE:
            return ThrottledError(f"AWS asked to slow down at {permission} on {resource}: {error}")
        case Kind.TRANSIENT:
            return ServiceUnavailableError(f"AWS had a fault at {permission} on {resource}: {error}")
        case Kind.DENIAL:
            key = KEY_DENIED if "kms:" in str(error) else ""
            return AccessDeniedError(
                f"The function's role has no permission for {permission} on {resource}. {key}AWS said: {error}"
            )
    return None
