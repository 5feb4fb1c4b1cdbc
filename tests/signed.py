"""Signed requests that no AWS client makes."""

import json
from typing import Any
from urllib.parse import urlsplit

import boto3
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

# urllib3.request waits for 3 seconds unless told otherwise: a busy machine may need longer.
ANSWER_SECONDS = 60


def signature(key: ReadOnlyCredentials, method: str, url: str, body: bytes, service: str = "local") -> dict[str, str]:
    """Return the headers that sign such a request."""
    request = AWSRequest(method, url, data=body, headers={"Host": urlsplit(url).netloc})
    SigV4Auth(key, service, "us-east-1").add_auth(request)
    return dict(request.headers)


def signed(session: boto3.Session, method: str, url: str, document: Any = None) -> urllib3.BaseHTTPResponse:
    """Send a request signed by a session, with a JSON document as its body."""
    body = b"" if document is None else json.dumps(document).encode()
    credentials = session.get_credentials()
    assert credentials is not None
    headers = signature(credentials.get_frozen_credentials(), method, url, body)
    return urllib3.request(method, url, body=body, headers=headers, timeout=ANSWER_SECONDS)
