"""One sentence for each error of AWS: what went wrong, and what to do."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from imagelabels_shared.text import one_line

SIGN_IN = "sign in again (`aws sso login`, or renew the keys)"
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
SLOW_DOWN = {"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequestsException"}


def sentence(error: BotoCoreError | ClientError) -> str:
    """Return what went wrong and, where it is known, what to do; otherwise AWS's own message, on one line."""
    return _refused(error) if isinstance(error, ClientError) else _failed(error)


def _failed(error: BotoCoreError) -> str:
    said = one_line(str(error))
    match error:
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError():
            said = (
                "There are no AWS credentials: run `aws configure` or `aws sso login`, or `make run` for a local stack."
            )
        case SSOError() | TokenRetrievalError():
            said = f"Your AWS session has expired: {SIGN_IN}."
        case ProfileNotFound():
            said = f"{said}: check AWS_PROFILE."
        case EndpointConnectionError():
            said = f"{said}: check AWS_REGION and the network; a local stack must still be running."
        case HTTPClientError():
            said = f"AWS did not answer: {said}"
    return said


def _refused(error: ClientError) -> str:
    code, said = str(error.response.get("Error", {}).get("Code", "")), one_line(str(error))
    if code in EXPIRED:
        return f"Your AWS credentials have expired: {SIGN_IN}."
    if code in UNKNOWN:
        return f"AWS does not know these credentials: check AWS_PROFILE and AWS_REGION, or {SIGN_IN}."
    if code in DENIED:
        return f"Your AWS identity lacks a permission: {said}"
    if code in SLOW_DOWN:
        return f"AWS asks to slow down; wait a minute and try again: {said}"
    return said
