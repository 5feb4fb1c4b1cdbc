"""Every AWS error arrives under the name that the workflow's Retry and Catch know."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    ReadTimeoutError,
)

from imagelabels_shared.aws import CONFIG, AccessDeniedError, aws_call
from imagelabels_shared.errors import ServiceUnavailableError, ThrottledError
from tests.unit.aws_errors import refusal

# The names in the documentation of S3 (503 is SlowDown in the answer to HEAD), DynamoDB, Rekognition, SNS, SQS, SES
# and Step Functions.
THROTTLES = [
    *("503", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "SlowDown"),
    *("Throttled", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException"),
]
OUTAGES = ["InternalError", "InternalServerError", "RequestTimeout", "ServiceUnavailable"]
DENIALS = ["403", "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"]
PERMISSION, PHOTO = "s3:GetObject", "arn:aws:s3:::images/a.jpg"


def call(error: Exception) -> None:
    with aws_call(PERMISSION, PHOTO):
        raise error


@pytest.mark.parametrize("code", THROTTLES)
def test_a_throttle_is_a_throttled_error(code: str) -> None:
    """Whatever the service calls it, and even when it comes with a status of the 500s."""
    for status in (400, 429, 503):
        with pytest.raises(ThrottledError, match=code):
            call(refusal(code, status))


@pytest.mark.parametrize(
    ("code", "status"), [("InternalError", 500), ("500", 500), ("Odd", 502), *((code, 400) for code in OUTAGES)]
)
def test_a_fault_of_aws_is_a_service_unavailable_error(code: str, status: int) -> None:
    with pytest.raises(ServiceUnavailableError, match=f"{PERMISSION} on {PHOTO}"):
        call(refusal(code, status))


@pytest.mark.parametrize("code", DENIALS)
def test_a_denial_names_the_permission_and_the_resource(code: str) -> None:
    """An account owner reads what to grant, and AWS's own words."""
    with pytest.raises(AccessDeniedError, match=rf"may not {PERMISSION} on {PHOTO}.*AWS says {code}"):
        call(refusal(code, 403))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ReadTimeoutError(endpoint_url="https://s3"),
        lambda: ConnectTimeoutError(endpoint_url="https://s3"),
        lambda: EndpointConnectionError(endpoint_url="https://s3"),
        lambda: IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ],
)
def test_no_answer_is_a_service_unavailable_error(make: Callable[[], Exception]) -> None:
    """Timeouts, refused connections and answers that break off."""
    with pytest.raises(ServiceUnavailableError, match=f"No answer to {PERMISSION} on {PHOTO}"):
        call(make())


def test_any_other_error_stays_what_it_is() -> None:
    """What the caller can judge better is not made vaguer, and bugs are not dressed up as weather."""
    missing, bug = refusal("NoSuchKey", 404), KeyError("key")
    with pytest.raises(ClientError) as raised:
        call(missing)
    assert raised.value is missing
    with pytest.raises(KeyError):
        call(bug)


@pytest.mark.parametrize(("status", "unavailable"), [(499, False), (500, True), (599, True)])
def test_an_unknown_code_is_a_fault_of_aws_from_status_500_on(status: int, unavailable: bool) -> None:  # noqa: FBT001  # a parameter of a test
    with pytest.raises(ServiceUnavailableError if unavailable else ClientError):
        call(refusal("Odd", status))


def test_botocore_makes_one_second_attempt_and_waits_ten_seconds() -> None:
    """All other retries are Step Functions'; a function has 30 seconds for two attempts."""
    options: Any = CONFIG
    assert options.retries == {"total_max_attempts": 2, "mode": "standard"}
    assert (options.connect_timeout, options.read_timeout) == (3, 10)
