"""The local stack answers signed requests from programs; a web page and an unsigned request get 403."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials

from imagelabels.local.access.admission import Admission
from tests.signed import signature

PORT = 4566
URL = f"http://127.0.0.1:{PORT}/"
ID, SECRET = "AKIAABCDEFGHIJKLMNOP", "the secret of this run"
ACCOUNT = ReadOnlyCredentials(ID, SECRET, None)
BODY = b"Action=CreateRole"
CORS = {"Access-Control-Allow-Origin": "*", "access-control-expose-headers": "etag", "ETag": '"1"'}


@pytest.fixture(autouse=True)
def _account_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the account's key in this process, as the engine sets it for the server."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


class Answer:
    """A response, and in `reached` the bodies of the requests that reached the app behind admission."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, dict[str, str](), b""
        self.reached: list[bytes] = []


def send_request(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes = BODY) -> Answer:
    answer = Answer()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        answer.reached.append((await receive())["body"])
        given = [(name.encode(), value.encode()) for name, value in CORS.items()]
        await send({"type": "http.response.start", "status": 200, "headers": given})
        await send({"type": "http.response.body", "body": b"made"})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        answer.status = message.get("status", answer.status)
        answer.headers |= {name.decode(): value.decode() for name, value in message.get("headers", [])}
        answer.body += message.get("body", b"")

    parts = urlsplit(url)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(Admission(app, PORT)(scope, receive, send))
    return answer


def signed_headers(
    key: ReadOnlyCredentials, method: str = "POST", url: str = URL, body: bytes = BODY
) -> list[tuple[str, str]]:
    return list(signature(key, method, url, body, "iam").items())


def assert_refused(answer: Answer) -> None:
    assert answer.status == 403
    assert answer.reached == []
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_a_signed_request_to_this_port_is_admitted_with_its_whole_body(name: str) -> None:
    answer = send_request("POST", URL, signed_headers(ACCOUNT, url=f"http://{name}:{PORT}/"))
    assert (answer.status, answer.reached, answer.body) == (200, [BODY], b"made")


def test_no_response_has_cors_headers() -> None:
    assert send_request("POST", URL, signed_headers(ACCOUNT)).headers == {"ETag": '"1"'}


@pytest.mark.parametrize(
    "header",
    [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("ORIGIN", URL.rstrip("/")),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "none"),
        ("Sec-Fetch-Mode", "no-cors"),
        ("Sec-Fetch-Dest", "image"),
        ("Sec-Fetch-User", "?1"),
        ("Host", f"127.0.0.1:{PORT}"),
    ],
)
def test_a_browsers_headers_are_refused_though_signed(header: tuple[str, str]) -> None:
    """A second Host is refused too: the request is ambiguous."""
    assert_refused(send_request("POST", URL, [*signed_headers(ACCOUNT), header]))


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", f"localhost.:{PORT}", "", None],
)
def test_another_host_is_refused_though_signed(host: str | None) -> None:
    rest = [
        (name, value)
        for name, value in signed_headers(ACCOUNT, url=f"http://{host}/" if host else URL)
        if name != "Host"
    ]
    assert_refused(send_request("POST", URL, rest if host is None else [*rest, ("Host", host)]))


def test_a_preflight_is_refused() -> None:
    asked = [("Access-Control-Request-Method", "PUT"), *signed_headers(ACCOUNT, "OPTIONS")]
    assert_refused(send_request("OPTIONS", URL, asked))


@pytest.mark.parametrize(
    "path",
    [
        "_ministack/config",
        "_ministack/reset",
        "_ministack/ses/messages",
        "_ministack/cfn-response/1",
        "_localstack/health",
        "_aws/lambda-url/1/",
        "_ministack/health/",
    ],
)
def test_the_emulators_own_paths_are_closed_though_signed(path: str) -> None:
    assert_refused(send_request("POST", URL + path, signed_headers(ACCOUNT, url=URL + path)))


def test_the_health_check_is_open_to_programs_but_not_to_pages() -> None:
    host = ("Host", f"127.0.0.1:{PORT}")
    assert send_request("GET", URL + "_ministack/health", [host]).status == 200
    assert_refused(send_request("POST", URL + "_ministack/health", [host]))
    assert_refused(send_request("GET", URL + "_ministack/health", [host, ("Sec-Fetch-Mode", "no-cors")]))


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        (ID, "test"),
        ("test", "test"),
        ("test", SECRET),
        ("000000000000", SECRET),
        ("111111111111", "test"),
        ("", SECRET),
        ("AKIAIOSFODNN7EXAMPLE", SECRET),
    ],
)
def test_any_other_key_or_secret_is_refused(key: str, secret: str) -> None:
    answer = send_request("POST", URL, signed_headers(ReadOnlyCredentials(key, secret, None)))
    assert_refused(answer)
    assert b"<Code>" in answer.body


def test_a_request_that_is_unsigned_or_changed_after_signing_is_refused() -> None:
    assert_refused(send_request("POST", URL, [("Host", f"127.0.0.1:{PORT}")]))
    assert_refused(send_request("POST", URL + "other", signed_headers(ACCOUNT)))
    assert_refused(send_request("POST", URL + "?Action=DeleteRole", signed_headers(ACCOUNT)))
    assert_refused(send_request("POST", URL, signed_headers(ACCOUNT), b"Action=DeleteRole"))
    assert_refused(send_request("PUT", URL + "_local/faults", [("Host", f"127.0.0.1:{PORT}")], b'{"rules": []}'))


def test_a_request_with_two_credentials_is_refused() -> None:
    """The emulator could take the other key for the caller."""
    (name, value) = next(pair for pair in signed_headers(ACCOUNT) if pair[0] == "Authorization")
    rest = [pair for pair in signed_headers(ACCOUNT) if pair[0] != name]
    twice = value.replace("Credential=", "Credential=test/20261125/us-east-1/iam/aws4_request, Credential=")
    assert_refused(send_request("POST", URL, [*rest, (name, twice)]))
    query = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/20261125/us-east-1/s3/aws4_request"
    assert_refused(send_request("POST", URL + query, signed_headers(ACCOUNT, url=URL + query)))


def presigned(version: str, seconds: int = 60, secret: str = SECRET) -> str:
    session, config = boto3.Session(ID, secret, region_name="us-east-1"), Config(signature_version=version)
    photo = {"Bucket": "photos", "Key": "a b+ä.jpg"}
    s3 = session.client("s3", endpoint_url=URL, config=config)
    return s3.generate_presigned_url("get_object", Params=photo, ExpiresIn=seconds)


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_is_valid_until_it_expires(version: str) -> None:
    host = [("Host", f"127.0.0.1:{PORT}")]
    good = presigned(version)
    assert send_request("GET", good, host, b"").status == 200
    assert_refused(send_request("GET", presigned(version, 60, "test"), host, b""))
    assert_refused(send_request("GET", presigned(version, -1), host, b""))
    assert_refused(send_request("GET", re.sub(r"Expires=\d+", "Expires=soon", good), host, b""))
    assert_refused(send_request("GET", good.replace(ID, "test"), host, b""))
    assert_refused(send_request("DELETE", good, host, b""))


def test_a_refusal_of_head_has_no_body() -> None:
    answer = send_request("HEAD", URL, [("Host", f"127.0.0.1:{PORT}")], b"")
    assert_refused(answer)
    assert answer.body == b""


def test_a_web_socket_is_closed() -> None:
    sent: list[Any] = []

    async def app(*_arguments: Any) -> None:
        raise AssertionError

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Admission(app, PORT)({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
