"""A deploy names in a sentence what is missing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from imagelabels.deploy.preflight import (
    BOOTSTRAP,
    Environment,
    check_bootstrap,
    check_custom_labels,
    check_definition,
    check_rekognition,
    definitions_of_checkout,
    environment,
)
from imagelabels.deploy.sender import ensure_identity
from imagelabels.deploy.summary import first_upload, summary
from imagelabels.errors import UserError
from imagelabels.stack.connection import STACK_NAME, Stack
from imagelabels.stack.notifications import maybe_later
from imagelabels_shared.prices import CUSTOM_LABELS
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


def test_a_model_of_another_region_is_refused() -> None:
    model = "arn:aws:rekognition:eu-west-1:123456789012:project/cars/version/cars.1/1761991200000"
    check_custom_labels(model, "eu-west-1")
    check_custom_labels("", "eu-west-1")
    with pytest.raises(UserError, match=r"is in eu-west-1, and the stack in us-east-1: .*AWS_REGION=eu-west-1"):
        check_custom_labels(model, "us-east-1")


@pytest.mark.parametrize(("model", "said"), [("", 0), ("arn:aws:rekognition:...", 1)])
def test_after_a_deploy_the_price_of_the_model_is_said(model: str, said: int) -> None:
    outputs = dict.fromkeys(("ImagesBucketName", "DashboardName"), "x")
    outputs |= {
        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:label-image",
        "Settings": json.dumps({"customLabelsModel": model}),
    }
    lines = summary(outputs, "us-east-1")
    assert [CUSTOM_LABELS.usd for line in lines if f"${CUSTOM_LABELS.usd:.2f} an hour" in line] == [4.0] * said


@pytest.mark.parametrize(("properties", "thousand"), [("false", "$1.33"), ("true", "$2.09")])
def test_after_a_deploy_the_price_has_image_properties_if_they_are_asked_for(properties: str, thousand: str) -> None:
    outputs = dict.fromkeys(("ImagesBucketName", "DashboardName"), "x")
    outputs |= {
        "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:label-image",
        "Settings": json.dumps({"imageProperties": properties}),
    }
    assert any(f"about {thousand} for 1,000 photos" in line for line in summary(outputs, "us-east-1"))


def test_a_partition_without_rekognition_names_those_that_have_it() -> None:
    with pytest.raises(
        UserError, match=r"in no region of the partition aws-cn, .* it is in aws: .*us-east-1.*aws-us-gov"
    ):
        check_rekognition(boto3.Session(), "cn-north-1")


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Step Functions as it answers on AWS."""
    session = boto3.Session()
    client = session.client("stepfunctions")
    monkeypatch.setattr(boto3.Session, "client", lambda *_: client)
    with Stubber(client) as stubber:
        yield stubber


def test_a_definition_that_step_functions_refuses_is_not_deployed(states: Stubber) -> None:
    error = {"severity": "ERROR", "code": "SCHEMA", "message": "No such state", "location": "/StartAt"}
    warning = {"severity": "WARNING", "code": "W", "message": "Long", "location": "/States"}
    answer = {"result": "FAIL", "diagnostics": [warning, error]}
    states.add_response("validate_state_machine_definition", answer)
    with pytest.raises(UserError, match=r"refuses the definition of the workflow: No such state \(/StartAt\)$"):
        check_definition(boto3.Session(), "{}")


def test_step_functions_gets_the_definition_with_arns_of_the_partition(states: Stubber) -> None:
    sent = '"arn:aws:states:::lambda:invoke arn:aws:lambda:us-east-1:123456789012:function:PersistLabelsFunctionArn"'
    definition = '"arn:${AWS::Partition}:states:::lambda:invoke ${PersistLabelsFunctionArn}"'
    expected = {"definition": sent, "type": "STANDARD"}
    states.add_response("validate_state_machine_definition", {"result": "OK", "diagnostics": []}, expected)
    assert check_definition(boto3.Session(), definition) == ""


def test_without_the_permission_the_check_is_left_out_with_a_line(states: Stubber) -> None:
    states.add_client_error("validate_state_machine_definition", "AccessDeniedException")
    assert "states:ValidateStateMachineDefinition" in check_definition(boto3.Session(), "{}")


def test_on_the_local_engine_the_check_is_left_out_with_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert check_definition(boto3.Session(), "{}").endswith("this is not AWS.")


def test_both_definitions_are_checked() -> None:
    assert [json.loads(text)["StartAt"] for text in definitions_of_checkout()] == ["StartEmpty", "SetDefaults"]


SENDER = "labels@example.com"


def test_an_identity_of_ses_that_exists_is_used() -> None:
    with mocked():
        ses = boto3.client("sesv2")
        ses.create_email_identity(EmailIdentity=SENDER)
        assert f"in the inbox of {SENDER}" in ensure_identity(boto3.client("sesv2"), SENDER)
        assert len(ses.list_email_identities()["EmailIdentities"]) == 1


def test_a_verified_domain_is_used_for_its_addresses() -> None:
    client = boto3.client("sesv2")
    with Stubber(client) as stubber:
        stubber.add_client_error("get_email_identity", "NotFoundException", expected_params={"EmailIdentity": SENDER})
        verified, domain = {"VerifiedForSendingStatus": True}, {"EmailIdentity": "example.com"}
        stubber.add_response("get_email_identity", verified, domain)
        assert "the SES identity example.com, which is verified" in ensure_identity(client, SENDER)


def test_a_missing_identity_is_made_and_named() -> None:
    with mocked():
        assert f"a new identity {SENDER}: confirm" in ensure_identity(boto3.client("sesv2"), SENDER)
        (made,) = boto3.client("sesv2").list_email_identities()["EmailIdentities"]
    assert made["IdentityName"] == SENDER


def test_an_upload_to_a_new_stack_may_start_nothing_for_a_while() -> None:
    """S3 needs minutes until it tells EventBridge of new photos."""
    session = boto3.Session()
    client, made = session.client("cloudformation"), datetime(2026, 11, 25, 8, tzinfo=UTC)
    found = {"StackName": STACK_NAME, "CreationTime": made, "StackStatus": "CREATE_COMPLETE"}
    stack = Stack(session, {})
    stack._clients["cloudformation"] = client  # noqa: SLF001  # the client that answers here
    with Stubber(client) as stubber:
        for _ in range(2):
            stubber.add_response("describe_stacks", {"Stacks": [found]})
        assert maybe_later(stack, made + timedelta(minutes=14)) == made + timedelta(minutes=15)
        assert maybe_later(stack, made + timedelta(minutes=15)) is None
    assert maybe_later(Stack(session, {}, "http://127.0.0.1:4566")) is None


def test_the_first_deploy_says_from_when_photos_are_labelled() -> None:
    said = first_upload(datetime(2026, 11, 25, 8, tzinfo=UTC))
    assert "before about 2026-11-25T08:05:00.000Z" in said
    assert "imagelabels reconcile --fix" in said
