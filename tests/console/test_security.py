"""Who may talk to the console, and what every answer forbids."""

from collections.abc import Iterator

import pytest
import urllib3

from imagelabels import tcp_peer
from imagelabels.console.serve import LOOPBACK, listen, serving
from imagelabels.console.web_console import WebConsole
from imagelabels.stack.connection import Stack as Deployed
from tests.console.photos import NO_PHOTO, small
from tests.e2e.stack import Stack


def ask(method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"") -> urllib3.BaseHTTPResponse:
    # A pool of its own: the server may close a connection that waited for the last test.
    with urllib3.PoolManager() as pool:
        return pool.request(method, url, body=body, headers=headers, redirect=False)


def token_of(address: str) -> str:
    return ask("GET", f"{address}/mail").data.decode().split('name="token" content="')[1].split('"')[0]


@pytest.fixture(scope="module")
def deployed(stack: Stack) -> Deployed:
    return Deployed(stack.session, stack.outputs, stack.outputs["endpoint"])


@pytest.fixture(scope="module")
def reading(deployed: Deployed, console: str) -> Iterator[str]:
    """Return the address of a console that only reads, behind a password, of a stack whose mails it does not have."""
    assert console
    outputs = {name: value for name, value in deployed.outputs.items() if name != "mail"}
    elsewhere = Deployed(deployed.session, outputs, deployed.endpoint)
    with serving(WebConsole(elsewhere, write=False), listen(LOOPBACK, 0), password="open sesame") as address:  # noqa: S106
        yield address


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1:1", "localhost.example.com"])
def test_another_host_is_refused(console: str, host: str) -> None:
    assert ask("GET", console, {"Host": host}).status == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://example.com"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "empty"},
    ],
)
def test_another_page_is_refused(console: str, headers: dict[str, str]) -> None:
    assert ask("GET", console, headers).status == 403
    given = headers | {"X-Console-Token": token_of(console)}
    assert ask("POST", f"{console}/operations/doctor", given).status == 403


def test_a_link_to_the_console_may_be_followed(console: str) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert ask("GET", console, followed).status == 200


WRITING = ["/again", "/operations/doctor", "/operations/dead-letters/1", "/operations/reconcile", "/redrive/a"]


@pytest.mark.parametrize("path", WRITING)
def test_nothing_is_written_without_the_token(console: str, stack: Stack, path: str) -> None:
    before = stack.executions()
    assert ask("POST", console + path, body=b"name=a").status == 403
    assert ask("POST", console + path, {"X-Console-Token": "guessed"}, b"name=a").status == 403
    assert ask("PUT", f"{console}/upload?key=a.jpg", body=small()).status == 403
    assert stack.executions() == before


def test_every_answer_forbids_what_it_does_not_need(console: str) -> None:
    for path in ("/", "/mail", "/no-such-page", "/static/console.css", "/executions/none"):
        headers = ask("GET", console + path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_mail_is_shown_where_nothing_of_it_can_run(console: str, stack: Stack) -> None:
    stack.upload("mailed.jpg", small())
    stack.wait_for_mail()
    page = ask("GET", f"{console}/mail").data.decode()
    name = page.split('href="/mail/')[1].split('"')[0]
    policy = ask("GET", f"{console}/mail/{name}/html").headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert policy.endswith("sandbox")


def test_a_file_is_given_to_keep_and_not_to_show(console: str, stack: Stack) -> None:
    name = stack.upload('page".html', b"<script>alert(1)</script>")["executionArn"].split(":", 7)[-1]
    answer = ask("GET", f"{console}/original/{name}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page_.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert ask("GET", f"{console}/picture/{name}").headers["Content-Type"] == "image/svg+xml"


def test_another_address_needs_the_password(reading: str) -> None:
    assert ask("GET", reading).status == 401
    wrong = urllib3.make_headers(basic_auth="console:guessed")
    assert ask("GET", reading, wrong).status == 401
    right = urllib3.make_headers(basic_auth="console:open sesame")
    assert ask("GET", reading, right).status == 200


def test_a_console_that_only_reads_offers_no_change_and_makes_none(reading: str, stack: Stack) -> None:
    right = urllib3.make_headers(basic_auth="console:open sesame")
    page = ask("GET", reading, right).data.decode()
    assert "read-only" in page
    assert 'id="drop"' not in page
    given = right | {"X-Console-Token": page.split('name="token" content="')[1].split('"')[0]}
    assert b"Last reports" in ask("GET", f"{reading}/mail", right).data
    before = stack.executions()
    refused = ask("POST", f"{reading}/again", given, b"name=a")
    assert refused.status == 400
    assert b"--write" in refused.data
    assert ask("PUT", f"{reading}/upload?key=a.jpg", given, small()).status == 403
    assert ask("POST", f"{reading}/operations/doctor?photo=1", given).status == 400
    assert ask("POST", f"{reading}/operations/reconcile", given, b"finding=a").status == 400
    assert stack.executions() == before


@pytest.mark.parametrize("key", ["", "folder/", "k" * 1025])
def test_a_key_that_s3_cannot_have_is_refused(console: str, key: str) -> None:
    given = {"X-Console-Token": token_of(console)}
    assert ask("PUT", f"{console}/upload?key={key}", given, small()).status == 422


@pytest.mark.parametrize("body", [b"", NO_PHOTO, b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_photo_is_not_stored(console: str, stack: Stack, body: bytes) -> None:
    given = {"X-Console-Token": token_of(console)}
    answer = ask("PUT", f"{console}/upload?key=no+photo.jpg", given, body)
    assert answer.status == 422
    listed = stack.client("s3").list_objects_v2(Bucket=stack.bucket, Prefix="no photo")
    assert listed["KeyCount"] == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/executions/none", 400),
        ("/?outcome=green", 400),
        ("/?cursor=cut", 400),
        ("/?since=never", 400),
        ("/again", 400),
        ("/again?name=none", 400),
        ("/mail/none", 400),
        ("/mail/..%2F..%2Fetc", 404),
        ("/photo?key=none", 404),
        ("/nowhere", 404),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(console: str, path: str, status: int) -> None:
    answer = ask("GET", console + path)
    assert answer.status == status
    assert b"data-said=" in answer.data
    assert b"Traceback" not in answer.data


def test_another_user_of_this_machine_is_refused(console: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not tcp_peer.CONNECTIONS.exists():
        return
    assert ask("GET", console).status == 200
    monkeypatch.setattr("os.getuid", lambda: 4_294_967_294)
    assert ask("GET", console).status == 403
