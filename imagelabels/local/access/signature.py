"""Checks the AWS Signature Version 4 of every request, with the emulator's own code.

The emulator by itself accepts the account's own key without a signature, and serves some paths to everybody.
"""

import os
import uuid
from typing import Any
from urllib.parse import parse_qs, quote

from ministack.core import sigv4
from ministack.core.iam_actions import access_denied_response
from ministack.core.iam_evaluator import (
    AuthError,
    CredentialResolutionError,
    SignedRequest,
    _sigv2_check,
    is_root_access_key,
    resolve_credential,
)
from ministack.core.responses import get_account_id
from ministack.core.router import detect_service, extract_access_key_id

from imagelabels.local.asgi import Receive, Scope, read_body, replay

ALGORITHM = "AWS4-HMAC-SHA256"
TOKEN = "x-amz-security-token"  # noqa: S105  # a header's name
HASH = "x-amz-content-sha256"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
UNSIGNED = AuthError("MissingAuthenticationToken", "Request is missing Authentication Token")
UNKNOWN = AuthError("UnrecognizedClientException", "The security token included in the request is invalid.")


class Request:
    """The parts of a request that its signature covers: header and query values by name."""

    def __init__(self, scope: Scope) -> None:
        self.method, self.path = str(scope["method"]), str(scope["path"])
        self.raw_path = (scope.get("raw_path") or quote(self.path).encode()).decode("latin-1")
        self.query = parse_qs(scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)
        self.headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), sigv4.decode_header_value(value)
            # A header on several lines is signed as its values joined by a comma.
            self.headers[key] = f"{self.headers[key]},{text}" if key in self.headers else text

    @property
    def body_is_signed(self) -> bool:
        """Whether the signature covers the body itself, and not a hash in a header."""
        return not self.headers.get(HASH) or self.headers[HASH].startswith(SIGNED_CHUNKS)

    def in_query(self, name: str) -> str:
        return str(self.query.get(name, [""])[0])


async def check(scope: Scope, receive: Receive) -> tuple[AuthError | None, Receive]:
    """Return the error of a request's signature, None if it is valid, and a `receive` that still has the whole body."""
    request = Request(scope)
    if request.in_query("AWSAccessKeyId"):
        return _check_version_2(request), receive
    signature = _parse(request)
    if isinstance(signature, AuthError):
        return signature, receive
    secret = _secret_key(request, signature.access_key_id)
    if isinstance(secret, AuthError):
        return secret, receive
    body = b""
    if request.body_is_signed:
        body = await read_body(receive)
        receive = replay(body, receive)
    presigned = "authorization" not in request.headers
    failure = _check_time(request, signature) or sigv4.header_signature_failure(
        signature, secret, request.method, request.raw_path, request.query, request.headers, body, presigned=presigned
    )
    return AuthError(*failure) if failure else None, receive


def _parse(request: Request) -> sigv4.HeaderSignature | AuthError:
    """Return the signature of the header or, for a presigned URL, of the query; with both, the caller is ambiguous."""
    in_header, in_query = request.headers.get("authorization", ""), request.in_query("X-Amz-Algorithm")
    if in_header.startswith(f"{ALGORITHM} ") and not in_query:
        found = sigv4.parse_header_signature(request.headers)
    elif in_query == ALGORITHM and not in_header:
        found = sigv4.parse_query_signature(request.query)
    else:
        return UNSIGNED
    return AuthError(*found) if isinstance(found, tuple) else found


def _check_version_2(request: Request) -> AuthError | None:
    """Check a presigned URL with Signature Version 2, which boto3 makes for S3 unless it is configured otherwise."""
    key = request.in_query("AWSAccessKeyId")
    if "authorization" in request.headers or request.in_query("X-Amz-Algorithm"):
        return UNSIGNED
    secret = _secret_key(request, key)
    if isinstance(secret, AuthError):
        return secret
    signed = SignedRequest(
        key, request.method, request.raw_path, request.query, request.headers, sigv2=True, auth_path=request.raw_path
    )
    checked = _sigv2_check(signed, get_account_id())
    return checked if isinstance(checked, AuthError) else None


def _secret_key(request: Request, key: str) -> str | AuthError:
    """Return the secret key of the account, of an IAM user or of a role's session."""
    # The emulator must take the signer for the caller.
    if not key or key != extract_access_key_id(request.headers, request.query):
        return UNKNOWN
    # The emulator also accepts `test` and every account number as the account's own key.
    if is_root_access_key(key) and key != os.environ.get("AWS_ACCESS_KEY_ID"):
        return UNKNOWN
    token = next((request.in_query(name) for name in request.query if name.lower() == TOKEN), "")
    token = request.headers.get(TOKEN, token)
    found = resolve_credential(key, None, token)
    return (
        AuthError(found.code, found.message)
        if isinstance(found, CredentialResolutionError)
        else found.secret_access_key
    )


def _check_time(request: Request, signature: sigv4.HeaderSignature) -> tuple[str, str] | None:
    if "authorization" in request.headers:
        skewed: tuple[str, str] | None = sigv4.request_time_failure(signature)
        return skewed
    try:
        expired = sigv4.presigned_request_is_expired(signature.amz_date, request.in_query("X-Amz-Expires"))
    except ValueError:
        expired = True
    return ("RequestExpired", "Request has expired") if expired else None


def error_response(scope: Scope, failure: AuthError) -> tuple[bytes, bytes]:
    """Return the Content-Type and body of an error, in the protocol of the request's service."""
    request = Request(scope)
    service = detect_service(request.method, request.path, request.headers, request.query)
    response: tuple[int, dict[str, Any], bytes] = access_denied_response(
        service, "", "", str(uuid.uuid4()), error_code=failure.code, message=failure.message, headers=request.headers
    )
    return response[1]["Content-Type"].encode(), response[2]
