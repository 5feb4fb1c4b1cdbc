"""Every error of every AWS call that a function makes is in the table; botocore's models are the list of both."""

import ast
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import botocore.session
import pytest
from botocore import xform_name
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from imagelabels_shared.aws_errors import CODES, KINDS, SERVER_FAULT, Kind
from tests.contract.conftest import ROOT

SESSION = botocore.session.get_session()
# The functions' own client of DynamoDB is a resource; every other one is named in `client("...")`.
TABLES = "dynamodb"
# Errors of lambda:Invoke that our functions can have only when somebody breaks them, or that belong to what they do not
# have: a VPC, files of EFS or S3, SnapStart, signed code, durable executions.
FUNCTION_IS_BROKEN = {
    *("CodeArtifactUserDeletedException", "CodeArtifactUserFailedException", "CodeArtifactUserPendingException"),
    *("DurableExecutionAlreadyStartedException", "EC2AccessDeniedException", "EC2UnexpectedException"),
    *("EFSIOException", "EFSMountConnectivityException", "EFSMountFailureException", "EFSMountTimeoutException"),
    *("ENILimitReachedException", "ENINotReadyException", "InvalidParameterValueException"),
    *("InvalidRequestContentException", "InvalidRuntimeException", "InvalidSecurityGroupIDException"),
    *("InvalidSubnetIDException", "InvalidZipFileException", "KMSAccessDeniedException", "KMSDisabledException"),
    *("KMSInvalidStateException", "KMSNotFoundException", "ModeNotSupportedException"),
    *("NoPublishedVersionException", "RecursiveInvocationException", "RequestTooLargeException"),
    *("ResourceNotFoundException", "S3FilesMountConnectivityException", "S3FilesMountFailureException"),
    *("S3FilesMountTimeoutException", "SerializedRequestEntityTooLargeException", "ServiceQuotaExceededException"),
    *("SnapStartException", "SnapStartNotReadyException", "SnapStartRegenerationFailureException"),
    *("SnapStartTimeoutException", "SubnetIPAddressLimitReachedException", "UnsupportedMediaTypeException"),
}


class Call(NamedTuple):
    """An operation that a function calls."""

    service: str
    operation: str


class Error(NamedTuple):
    """An error of an operation: the code that a client sees, and what the model says of it."""

    code: str
    status: int
    retryable: bool


def calls(sources: Iterable[str]) -> set[Call]:
    """Return every operation that the sources call, by the names of the methods."""
    nodes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    methods = {node.func.attr for node in nodes if isinstance(node.func, ast.Attribute)}
    return {
        Call(service, operation)
        for service in {TABLES, *services(nodes)}
        for operation in SESSION.get_service_model(service).operation_names
        if xform_name(operation) in methods
    }


def services(nodes: list[ast.Call]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node.func, ast.Name) and node.func.id == "client" and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def errors(call: Call) -> Iterator[Error]:
    """Yield the errors of an operation; some services have an older code beside the name of the error's shape."""
    for shape in SESSION.get_service_model(call.service).operation_model(call.operation).error_shapes:
        about: Any = shape.metadata
        error = about.get("error", {})
        for code in {shape.name, error.get("code", shape.name)}:
            yield Error(code, error.get("httpStatusCode", 400), "retryable" in about)


def unclassified(kinds: dict[str, Kind], made: Iterable[Call]) -> list[str]:
    return sorted({error.code for call in made for error in errors(call)} - set(kinds))


@pytest.fixture(scope="module")
def made() -> set[Call]:
    return calls(path.read_text() for path in (ROOT / "functions").rglob("*.py"))


def test_every_call_is_found(made: set[Call]) -> None:
    assert made == {
        Call("dynamodb", "BatchGetItem"),
        Call("dynamodb", "GetItem"),
        Call("dynamodb", "PutItem"),
        Call("dynamodb", "Query"),
        Call("dynamodb", "TransactWriteItems"),
        Call("dynamodb", "UpdateItem"),
        Call("rekognition", "DetectCustomLabels"),
        Call("rekognition", "DetectLabels"),
        Call("s3", "GetObject"),
        Call("s3", "HeadObject"),
        Call("s3", "PutObject"),
        Call("sesv2", "SendEmail"),
        Call("sns", "Publish"),
        Call("sqs", "SendMessage"),
        Call("stepfunctions", "DescribeExecution"),
        Call("stepfunctions", "StartExecution"),
    }


def test_every_error_of_every_call_has_a_kind(made: set[Call]) -> None:
    assert unclassified(KINDS, made) == []


def test_an_error_without_a_kind_is_noticed(made: set[Call]) -> None:
    for code in ("KMSThrottling", "ReplicatedWriteConflictException", "KmsThrottlingException", "InvalidObjectState"):
        assert unclassified({name: kind for name, kind in KINDS.items() if name != code}, made) == [code]


def test_a_code_has_one_kind() -> None:
    assert sum(map(len, CODES.values())) == len(KINDS)


def test_what_a_model_calls_retryable_is_retried(made: set[Call]) -> None:
    found = [error for call in made for error in errors(call) if error.retryable or error.status >= SERVER_FAULT]
    assert found
    assert {KINDS[error.code] for error in found} <= {Kind.THROTTLE, Kind.TRANSIENT}


def test_what_botocore_retries_is_retried() -> None:
    """Except for LimitExceededException, which SES answers when the account has too many of something."""
    # botocore has no public lists.
    throttles = {*vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]} - {"LimitExceededException"}
    transient = {*vars(TransientRetryableChecker)["_TRANSIENT_ERROR_CODES"]}
    assert {KINDS[code] for code in throttles | transient} == {Kind.THROTTLE, Kind.TRANSIENT}
    # A transaction that is still running is waited for briefly.
    assert {code for code in throttles if KINDS[code] != Kind.THROTTLE} == {"TransactionInProgressException"}


def test_the_definition_retries_each_error_of_an_invocation_that_passes(definition: dict[str, Any]) -> None:
    throttled, unavailable = definition["States"]["ValidateImage"]["Retry"]
    named = {*throttled["ErrorEquals"], *unavailable["ErrorEquals"]}
    every = {error.code for error in errors(Call("lambda", "Invoke"))}
    assert {f"Lambda.{code}" for code in every - FUNCTION_IS_BROKEN} == named & {f"Lambda.{code}" for code in every}
    assert every >= FUNCTION_IS_BROKEN
    assert {code for code in every if f"Lambda.{code}" in throttled["ErrorEquals"]} <= set(CODES[Kind.THROTTLE])
