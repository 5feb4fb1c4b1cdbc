"""Which AWS operation an HTTP request calls, in the protocol of each service."""

import re
from urllib.parse import parse_qs, unquote_plus

from imagelabels.local.asgi import Scope

SERVICES = {
    "DynamoDB_20120810": "dynamodb",
    "RekognitionService": "rekognition",
    "AmazonSQS": "sqs",
    "AWSStepFunctions": "states",
}
CREDENTIAL = re.compile(rb"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
OBJECT = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
# Of the API of SES, version 2, which has no name of its operation in a request.
SEND_EMAIL = "/v2/email/outbound-emails"
BUCKET = {"GET": "ListObjectsV2", "HEAD": "HeadBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}


def headers(scope: Scope) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in scope["headers"]}


def action(scope: Scope, body: bytes) -> str:
    """Return the call as `service:Operation`: dynamodb:Query, s3:HeadObject, sns:Publish."""
    by_name = headers(scope)
    if target := by_name.get(b"x-amz-target", b"").decode():
        api, _dot, operation = target.partition(".")
        return f"{SERVICES.get(api, api)}:{operation}"
    signed = CREDENTIAL.search(by_name.get(b"authorization", b""))
    service = signed[1].decode() if signed else "unsigned"
    if service == "s3":
        return f"s3:{_s3_operation(scope)}"
    if scope["path"] == SEND_EMAIL:
        return "ses:SendEmail"
    return f"{service}:{parse_qs(body.decode('utf-8', 'replace')).get('Action', ['?'])[0]}"


def about(scope: Scope, body: bytes) -> str:
    """Return path and body as text, for calls that no function makes."""
    return f"{scope['path']} {unquote_plus(body.decode('utf-8', 'replace'))}"


def _s3_operation(scope: Scope) -> str:
    _empty, _bucket, *key = scope["path"].split("/", 2)
    method = str(scope["method"])
    query = parse_qs(scope["query_string"].decode(), keep_blank_values=True)
    if key and key[0]:
        return OBJECT.get(method, method)
    if method == "POST" and "delete" in query:
        return "DeleteObjects"
    return "ListObjectVersions" if "versions" in query else BUCKET.get(method, method)
