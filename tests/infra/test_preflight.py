"""A deploy names in a sentence what is missing."""

from pathlib import Path

import boto3
import pytest
from botocore.exceptions import NoCredentialsError

from imagelabels.deploy.preflight import BOOTSTRAP, Environment, check_bootstrap, check_rekognition, environment
from imagelabels.errors import UserError
from tests.moto_aws import mocked

HERE = Environment("123456789012", "us-east-1")


def test_the_environment_is_the_account_and_the_region_and_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with mocked():
        assert environment(boto3.Session()) == HERE
    assert capsys.readouterr().err == "AWS 123456789012, us-east-1, stack ImageLabels\n"


def test_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(UserError, match="No region is set: set AWS_REGION"):
        environment(boto3.Session())


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(NoCredentialsError):
        environment(boto3.Session())


def test_a_region_without_rekognition_names_those_that_have_it() -> None:
    with pytest.raises(UserError, match=r"not in ca-west-1; set AWS_REGION to one of .*us-east-1"):
        check_rekognition(boto3.Session(), "ca-west-1")


def test_a_region_with_rekognition() -> None:
    check_rekognition(boto3.Session(), "eu-west-1")


@pytest.mark.parametrize("version", [None, "5"])
def test_an_account_without_bootstrap_or_with_an_old_one(version: str | None) -> None:
    with mocked():
        if version:
            boto3.client("ssm").put_parameter(Name=BOOTSTRAP, Value=version, Type="String")
        with pytest.raises(UserError, match="account 123456789012, us-east-1: run `make bootstrap` once"):
            check_bootstrap(boto3.Session(), HERE)


def test_an_account_with_bootstrap() -> None:
    with mocked():
        boto3.client("ssm").put_parameter(Name=BOOTSTRAP, Value="30", Type="String")
        check_bootstrap(boto3.Session(), HERE)
