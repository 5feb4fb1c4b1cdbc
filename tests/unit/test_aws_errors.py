"""Every AWS error arrives under the name that the workflow's Retry and Catch know."""

from collections.abc import Callable

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    ReadTimeoutError,
)

from imagelabels_shared.aws import CONFIG, AccessDeniedError, aws_call, client, object_arn
from imagelabels_shared.aws_errors import CODES, Kind
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
    with pytest.raises(AccessDeniedError, match=rf"no permission for {PERMISSION} on {PHOTO}.*AWS says {code}"):
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


@pytest.mark.parametrize("kind", [Kind.FAULT, Kind.REJECTION, Kind.ANSWER])
def test_every_other_error_of_the_table_stays_what_it_is(kind: Kind) -> None:
    """Whatever its status: KMSDisabledException has one of the 500s at Lambda, and does not pass by itself."""
    for error in (refusal(code, status) for code in CODES[kind] for status in (400, 502)):
        with pytest.raises(ClientError) as raised:
            call(error)
        assert raised.value is error


def test_any_other_error_stays_what_it_is() -> None:
    """An error that the caller can judge better stays as it is, and a bug is not reported as an outage."""
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
    options = vars(CONFIG)
    assert options["retries"] == {"total_max_attempts": 2, "mode": "standard"}
    assert (options["connect_timeout"], options["read_timeout"]) == (3, 10)


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_an_object_is_named_in_the_partition_of_the_region(
    monkeypatch: pytest.MonkeyPatch, region: str, partition: str
) -> None:
    """An owner in GovCloud or China can copy the ARN of a message into a policy."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session("test", "test", region_name=region))
    client.cache_clear()
    assert object_arn("images", "a.jpg") == f"arn:{partition}:s3:::images/a.jpg"
