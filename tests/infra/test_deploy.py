"""`imagelabels bootstrap`, `deploy`, `diff`, `destroy`: the real CDK command line against the local AWS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from imagelabels.cli import app
from imagelabels.errors import UserError
from imagelabels.local.engine import Engine, bare
from imagelabels.local.template import make_local
from tests.synthesis import Synthesize

EMAIL = "you@example.com"
STACK = "ImageLabels"
# No photo, so that no report is mailed while the stack goes: here its function would make its log group anew.
KEPT = "kept/"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with bare(tmp_path_factory.mktemp("bare")) as engine:
        yield engine


@pytest.fixture(autouse=True)
def _local(aws: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    key = aws.session.get_credentials()
    assert key is not None
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret_key)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", aws.session)


@pytest.fixture(scope="module")
def first(synthesize: Synthesize, aws: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assembly(synthesize, aws, tmp_path_factory.mktemp("first"), minConfidence="70")


@pytest.fixture(scope="module")
def second(synthesize: Synthesize, aws: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assembly(synthesize, aws, tmp_path_factory.mktemp("second"), minConfidence="80")


def assembly(synthesize: Synthesize, aws: Engine, folder: Path, **settings: str) -> Path:
    """Synthesize for the local AWS: the wheel layers are left out, so that nothing is downloaded."""
    make_local(synthesize(**settings).folder, folder, aws.endpoint)
    return folder


def run(*words: str | Path, answer: str | None = None) -> str:
    """Run a command to its end and return what it prints; a UserError is raised as it is."""
    result = CliRunner().invoke(app, [str(word) for word in words], input=answer, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]  # by name


def outputs() -> dict[str, str]:
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def min_confidence() -> str:
    functions = client("lambda").list_functions()["Functions"]
    (found,) = {function["Environment"]["Variables"].get("MIN_CONFIDENCE") for function in functions} - {None}
    return str(found)


def test_the_stack_is_deployed_changed_and_taken_away_again(first: Path, second: Path) -> None:
    with pytest.raises(UserError, match="run `make bootstrap` once"):
        run("deploy", "--email", EMAIL, "--assembly", first)

    with pytest.raises(UserError, match="no setting minConfidnce; there are reportEmail, "):
        run("deploy", "--email", EMAIL, "--settings", "minConfidnce=80")

    run("bootstrap")
    said = run("deploy", "--email", EMAIL, "--assembly", first)
    before = outputs()
    assert f"s3://{before['ImagesBucketName']}" in said
    assert f"#/statemachines/view/{before['StateMachineArn']}" in said
    assert f"#dashboards/dashboard/{before['DashboardName']}" in said
    assert f"confirm what AWS asks in the inbox of {EMAIL}" in said
    assert min_confidence() == "70.0"

    client("s3").put_object(Bucket=before["ImagesBucketName"], Key=KEPT, Body=b"first")
    client("s3").put_object(Bucket=before["ImagesBucketName"], Key=KEPT, Body=b"second")
    run("diff", "--email", EMAIL, "--assembly", second)
    assert min_confidence() == "70.0"

    run("deploy", "--email", EMAIL, "--assembly", second)
    assert min_confidence() == "80.0"
    assert outputs() == before
    assert client("s3").get_object(Bucket=before["ImagesBucketName"], Key=KEPT)["Body"].read() == b"second"

    with pytest.raises(UserError, match="Nothing was deleted"):
        run("destroy", "--assembly", second, answer="n\n")
    assert outputs() == before
    said = run("destroy", "--assembly", second, answer="y\n")
    assert "every photo and label?" in said
    assert "Deleted." in said
    assert left() == {"buckets": ["cdk-hnb659fds-assets-000000000000-us-east-1"]}


def left() -> dict[str, list[str]]:
    """Return the resources that are left, of every kind that AWS bills for."""
    kms = client("kms")
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    groups = client("logs").describe_log_groups()["logGroups"]
    found = {
        "alarms": client("cloudwatch").describe_alarms()["MetricAlarms"],
        "buckets": [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]],
        "dashboards": client("cloudwatch").list_dashboards()["DashboardEntries"],
        "functions": client("lambda").list_functions()["Functions"],
        "keys": [key["KeyId"] for key in keys if key["KeyManager"] == "CUSTOMER" and key["Enabled"]],
        "layers": client("lambda").list_layers()["Layers"],
        # Those of the stack have a retention; the emulator makes another one for a function that ends after its stack.
        "log groups": [group for group in groups if "retentionInDays" in group],
        "machines": client("stepfunctions").list_state_machines()["stateMachines"],
        "queues": client("sqs").list_queues().get("QueueUrls", []),
        "tables": client("dynamodb").list_tables()["TableNames"],
        "topics": client("sns").list_topics()["Topics"],
    }
    return {name: some for name, some in found.items() if some}


def test_a_protected_stack_is_not_destroyed(aws: Engine) -> None:
    cloudformation = client("cloudformation")
    template = (
        '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}, "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}}}'
    )
    cloudformation.create_stack(StackName=STACK, TemplateBody=template, EnableTerminationProtection=True)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    with pytest.raises(UserError, match="ImageLabels is protected"):
        run("destroy", "--yes")
    assert len(aws.session.client("sqs", endpoint_url=aws.endpoint).list_queues()["QueueUrls"]) == 1
