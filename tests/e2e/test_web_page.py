"""What a web page, or another user of this machine, can do to the local stack while it is up: nothing."""

import hashlib
import json
import stat
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
import urllib3
from botocore.exceptions import ClientError

from imagelabels.local.access.key import Key
from tests.e2e.stack import Stack
from tests.signed import ANSWER_SECONDS, signature, signed

TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "*"}}]})
ROLE = "arn:aws:iam::000000000000:role/intruder"
FUNCTION = {
    "FunctionName": "intruder",
    "Role": ROLE,
    "Runtime": "provided.al2023",
    "Handler": "x",
    "Code": {"ZipFile": ""},
}
SIGNED_WITH_TEST = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "test/20261125/us-east-1/{service}/aws4_request",
    "X-Amz-Date": "20261125T120000Z",
    "X-Amz-Expires": "604800",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "00",
}


class Attack(NamedTuple):
    """A request that changes something; a page sends its body as text/plain, which needs no preflight."""

    service: str
    method: str
    path: str
    body: str


ATTACKS = [
    Attack(
        "iam",
        "POST",
        "/",
        urlencode({"Action": "CreateRole", "RoleName": "intruder", "AssumeRolePolicyDocument": TRUST}),
    ),
    Attack("lambda", "POST", "/2015-03-31/functions", json.dumps(FUNCTION)),
    Attack("lambda", "POST", "/2015-03-31/functions/intruder/invocations", "{}"),
    Attack("local", "PUT", "/_local/faults", '{"rules": []}'),
    Attack("local", "POST", "/_ministack/config", '{"stepfunctions._sfn_mock_config": {}}'),
    Attack("local", "POST", "/_ministack/reset", ""),
]
BROWSERS = {
    "Origin": {"Origin": "https://evil.example"},
    "a file": {"Origin": "null"},
    "Sec-Fetch": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
    "DNS rebinding": {"Host": "evil.example:{port}"},
}


def state(stack: Stack) -> dict[str, Any]:
    """Return what the attacks would change."""
    endpoint = stack.outputs["endpoint"]
    return {
        "roles": sorted(role["RoleName"] for role in stack.client("iam").list_roles()["Roles"]),
        "functions": sorted(
            function["FunctionName"] for function in stack.client("lambda").list_functions()["Functions"]
        ),
        "faults": signed(stack.session, "GET", f"{endpoint}/_local/faults").json(),
        "buckets": [bucket["Name"] for bucket in stack.client("s3").list_buckets()["Buckets"]],
    }


def send(stack: Stack, attack: Attack, headers: dict[str, str], *, method: str = "", query: str = "") -> None:
    """Send it; what comes back must be 403, and nothing that a browser would show to the page."""
    port = str(urlsplit(stack.outputs["endpoint"]).port)
    sent = {name: value.format(port=port) for name, value in headers.items()}
    url = stack.outputs["endpoint"] + attack.path + query
    answer = urllib3.request(
        method or attack.method, url, body=attack.body.encode(), headers=sent, retries=False, timeout=ANSWER_SECONDS
    )
    assert answer.status == 403, answer.data
    assert_closed(answer)


def assert_closed(answer: urllib3.BaseHTTPResponse) -> None:
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def with_test(attack: Attack) -> str:
    return "?" + urlencode({name: value.format(service=attack.service) for name, value in SIGNED_WITH_TEST.items()})


def own_signature(stack: Stack, attack: Attack) -> dict[str, str]:
    key = stack.session.get_credentials()
    assert key is not None
    url = stack.outputs["endpoint"] + attack.path
    return signature(key.get_frozen_credentials(), attack.method, url, attack.body.encode(), attack.service)


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_page_is_refused_even_with_a_signature_that_holds(stack: Stack, browser: str) -> None:
    before = state(stack)
    for attack in ATTACKS:
        send(stack, attack, {"Content-Type": "text/plain"} | BROWSERS[browser], query=with_test(attack))
        send(stack, attack, own_signature(stack, attack) | BROWSERS[browser])
    assert state(stack) == before


def test_a_page_in_an_old_browser_is_refused_for_want_of_a_signature(stack: Stack) -> None:
    before = state(stack)
    for attack in ATTACKS:
        send(stack, attack, {"Content-Type": "text/plain"})
        send(stack, attack, {"Content-Type": "text/plain"}, query=with_test(attack))
    assert state(stack) == before


def test_a_preflight_is_refused(stack: Stack) -> None:
    asks = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-amz-target"}
    for attack in ATTACKS:
        send(stack, attack, asks | BROWSERS["Origin"], method="OPTIONS")
        send(stack, attack, asks, method="OPTIONS", query=with_test(attack))


def test_no_answer_opens_itself_to_pages(stack: Stack) -> None:
    endpoint = stack.outputs["endpoint"]
    for path in ("/", f"/{stack.bucket}", "/_local/faults", "/_ministack/health"):
        answer = signed(stack.session, "GET", endpoint + path)
        assert answer.status < 500
        assert_closed(answer)


@pytest.mark.parametrize("key", [("test", "test"), ("000000000000", "test"), (None, "test"), ("test", None)])
def test_another_user_needs_the_key_and_the_secret_of_this_run(
    stack: Stack, key: tuple[str | None, str | None]
) -> None:
    own = Key(stack.outputs["accessKeyId"], stack.outputs["secretAccessKey"])
    session = boto3.Session(key[0] or own.id, key[1] or own.secret, region_name=stack.outputs["region"])
    asks = {"s3": "list_buckets", "dynamodb": "list_tables", "sts": "get_caller_identity", "sns": "list_topics"}
    for service, operation in asks.items():
        client = session.client(service, endpoint_url=stack.outputs["endpoint"])  # type: ignore[call-overload]  # by name
        with pytest.raises(ClientError) as refused:
            getattr(client, operation)()
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    detect = session.client("rekognition", endpoint_url=stack.outputs["endpoint"]).detect_labels
    with pytest.raises(ClientError, match=r"InvalidSignature|UnrecognizedClient"):
        detect(Image={"S3Object": {"Bucket": stack.bucket, "Name": "x"}})


def test_a_functions_credentials_cannot_be_worked_out_from_its_name(stack: Stack) -> None:
    """The emulator alone hashes the names of function and role, which are the same in every run of a template."""
    functions = stack.client("lambda").list_functions()["Functions"]
    validate = next(function for function in functions if function["Handler"].startswith("validate_image."))
    stack.start({"bucket": stack.bucket, "key": "nowhere.jpg"})
    digest = hashlib.sha256(f"{validate['FunctionArn']}:{validate['Role']}".encode()).hexdigest()
    secret, token = (hashlib.sha256(f"{what}:{digest}".encode()).hexdigest() for what in ("secret", "token"))
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        stack.client(
            "sts",
            aws_access_key_id=f"ASIA{digest[:16].upper()}",
            aws_secret_access_key=secret,
            aws_session_token=token,
        ).get_caller_identity()


def test_the_account_is_the_same_as_ever_and_its_own_presigned_urls_hold(stack: Stack, astronaut: bytes) -> None:
    assert stack.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:root"
    stack.upload("presigned.png", astronaut)
    ask = {"Bucket": stack.bucket, "Key": "presigned.png"}
    url = stack.client("s3").generate_presigned_url("get_object", Params=ask)
    assert urllib3.request("GET", url, timeout=ANSWER_SECONDS).data == astronaut
    assert urllib3.request("GET", url.split("?")[0], timeout=ANSWER_SECONDS).status == 403


def test_what_lets_in_is_for_its_owners_eyes(home: Path) -> None:
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "outputs.json").stat().st_mode) == 0o600
