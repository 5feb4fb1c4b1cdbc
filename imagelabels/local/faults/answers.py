"""Errors as each AWS service would answer them, on the wire."""

import json
from typing import Any
from xml.sax.saxutils import escape

from imagelabels.local.asgi import Scope, Send
from imagelabels.local.faults.plan import Call, Rule

# Each service's own names, from botocore's service models and the services' error lists.
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
JSON_SERVICES = {"dynamodb", "rekognition", "sqs"}


async def answer(rule: Rule, call: Call, scope: Scope, send: Send) -> None:
    """Send the error that `rule` asks for, in the protocol of the call's service."""
    name, status = named(rule, call.action.split(":")[0])
    body, content_type = _body(name, call.action.split(":")[0])
    if scope["method"] == "HEAD":
        body = b""
    start = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


def named(rule: Rule, service: str) -> tuple[str, int]:
    """Return the error's name and HTTP status."""
    if rule.fault == "throttle":
        return THROTTLES.get(service, ("ThrottlingException", 400))
    if rule.fault == "outage":
        return OUTAGES.get(service, ("InternalFailure", 500))
    return rule.error, rule.status


def _body(name: str, service: str) -> tuple[bytes, bytes]:
    sentence = "This call was told to fail."
    if service in JSON_SERVICES:
        document: dict[str, Any] = {"__type": name, "message": sentence}
        return json.dumps(document).encode(), b"application/x-amz-json-1.0"
    error = f"<Code>{escape(name)}</Code><Message>{sentence}</Message>"
    if service == "s3":
        return f"<Error>{error}<RequestId>faults</RequestId></Error>".encode(), b"application/xml"
    wrapped = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>faults</RequestId></ErrorResponse>"
    return wrapped.encode(), b"text/xml"
