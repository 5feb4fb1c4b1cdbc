"""Which stack a command acts on: the chosen one, and never silently another one."""

import io
import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from imagelabels.commands import target
from imagelabels.errors import UserError
from imagelabels.stack.connection import Outputs, Stack, connect, was_killed
from imagelabels.stack.local_lock import hold
from imagelabels.stack.local_session import local_session

OUTPUTS = {
    "endpoint": "http://127.0.0.1:4566",
    "region": "us-east-1",
    "accessKeyId": "AKIAABCDEFGHIJKLMNOP",
    "secretAccessKey": "secret",
}
MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:label-image"
ON_AWS = Stack(boto3.Session(), Outputs({"StateMachineArn": MACHINE}))


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    (tmp_path / "outputs.json").write_text(json.dumps(OUTPUTS))
    return tmp_path / "outputs.json"


def test_a_stack_says_where_it_is() -> None:
    assert ON_AWS.place == "AWS 123456789012, eu-central-1, stack ImageLabels"
    assert Stack(boto3.Session(), {}, OUTPUTS["endpoint"]).place == "Local stack 127.0.0.1:4566"


def test_the_local_stack_is_chosen_or_refused(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGELABELS_TARGET", "local")
    with pytest.raises(UserError, match="No local stack is up"):
        connect(outputs)
    with hold(outputs.parent):
        assert connect(outputs).endpoint == OUTPUTS["endpoint"]


def test_aws_is_chosen_although_the_local_stack_is_up(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGELABELS_TARGET", "aws")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with hold(outputs.parent), pytest.raises(UserError, match="No region is set"):
        connect(outputs)


def test_an_unknown_target_is_refused(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGELABELS_TARGET", "moon")
    with pytest.raises(UserError, match="must be local or aws, not 'moon'"):
        connect(outputs)


def test_while_a_local_stack_starts_nothing_goes_to_aws(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(UserError, match="is still starting"):
        connect(tmp_path / "outputs.json")


@pytest.mark.parametrize("text", ["", "{", "[1]", "7"])
def test_damaged_outputs_are_one_sentence(outputs: Path, text: str) -> None:
    outputs.write_text(text)
    with hold(outputs.parent), pytest.raises(UserError, match=r"outputs\.json is damaged"):
        connect(outputs)


def test_an_output_of_a_newer_version_is_one_sentence(outputs: Path) -> None:
    outputs.write_text("{}")
    with hold(outputs.parent), pytest.raises(UserError, match="has no output accessKeyId"):
        connect(outputs)


def test_a_killed_stack_is_noticed(outputs: Path) -> None:
    assert was_killed(outputs)
    with hold(outputs.parent):
        assert not was_killed(outputs)
    outputs.unlink()
    assert not was_killed(outputs)


def test_what_is_written_on_aws_needs_an_answer_or_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(UserError, match=r"Upload 3 photos on AWS 123456789012, .* add --yes"):
        target.confirm(ON_AWS, "Upload 3 photos", yes=False)
    target.confirm(ON_AWS, "Upload 3 photos", yes=True)
    target.confirm(Stack(boto3.Session(), {}, OUTPUTS["endpoint"]), "Upload 3 photos", yes=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_PROFILE", "nosuch"),
        ("AWS_MAX_ATTEMPTS", "abc"),
        ("AWS_RETRY_MODE", "nosuch"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
        ("AWS_CA_BUNDLE", "/nowhere"),
        ("AWS_ENDPOINT_URL", "nowhere"),
        ("HTTP_PROXY", "http://127.0.0.1:9"),
    ],
)
def test_a_local_session_takes_nothing_from_the_shell(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    for service in ("s3", "dynamodb", "stepfunctions"):
        session: Any = local_session("AKIA", "secret", "us-east-1")
        client: Any = session.client(service, endpoint_url="http://127.0.0.1:4566")
        assert client._endpoint.http_session._proxy_config._proxies == {}  # noqa: SLF001  # where a request would go
        assert client.meta.endpoint_url == "http://127.0.0.1:4566"


def test_a_local_session_reads_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text("[default]\ns3 =\n  use_accelerate_endpoint = true\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    client = local_session("AKIA", "secret", "us-east-1").client("s3", endpoint_url="http://127.0.0.1:4566")
    url = client.generate_presigned_url("get_object", Params={"Bucket": "images", "Key": "a.jpg"})
    assert url.startswith("http://127.0.0.1:4566/images/a.jpg?")
