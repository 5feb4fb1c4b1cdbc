"""The errors of AWS services, each in its service's protocol."""

import json
from typing import Any
from xml.sax.saxutils import escape

from imagelabels.local.asgi import Scope, Send
from imagelabels.local.faults.plan import MESSAGE, Call, Rule

# Names from botocore's service models and the services' lists of common errors.
THROTTLES = {
    "dynamodb": ("ThrottlingException", 400),
    "rekognition": ("ProvisionedThroughputExceededException", 400),
    "s3": ("SlowDown", 503),
    "sns": ("Throttled", 429),
    "sqs": ("RequestThrottled", 403),
}
OUTAGES = {
    "dynamodb": ("InternalServerError", 500),
    "rekognition": ("InternalServerError", 500),
    "s3": ("InternalError", 500),
    "sns": ("InternalError", 500),
    "sqs": ("InternalError", 500),
}
JSON_SERVICES = {"dynamodb", "rekognition", "sqs", "states"}


async def send_error(rule: Rule, call: Call, scope: Scope, send: Send) -> None:
    """Send the error that `rule` asks for, in the protocol of the call's service."""
    name, status = error_of(rule, call.action.split(":")[0])
    body, content_type = _body(name, call.action.split(":")[0])
    if scope["method"] == "HEAD":
        body = b""
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error_of(rule: Rule, service: str) -> tuple[str, int]:
    """Return the error's name and HTTP status."""
    if rule.fault == "throttle":
        return THROTTLES.get(service, ("ThrottlingException", 400))
    if rule.fault == "outage":
        return OUTAGES.get(service, ("InternalFailure", 500))
    return rule.error, rule.status


def _body(name: str, service: str) -> tuple[bytes, bytes]:
    if service in JSON_SERVICES:
        document: dict[str, Any] = {"__type": name, "message": MESSAGE}
        return json.dumps(document).encode(), b"application/x-amz-json-1.0"
    error = f"<Code>{escape(name)}</Code><Message>{MESSAGE}</Message>"
    if service == "s3":
        return f"<Error>{error}<RequestId>faults</RequestId></Error>".encode(), b"application/xml"
    wrapped = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>faults</RequestId></ErrorResponse>"
    return wrapped.encode(), b"text/xml"
