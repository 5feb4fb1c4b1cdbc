"""`imagelabels bootstrap`, `deploy`, `diff`, `destroy`: the real CDK command line against the local AWS."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from imagelabels.cli import app
from imagelabels.commands import destroy as destroy_command
from imagelabels.deploy.emptying import empty
from imagelabels.errors import UserError
from imagelabels.local.engine import Engine, bare
from imagelabels.paths import ROOT
from tests.e2e.stack import eventually

EMAIL = "you@example.com"
STACK = "ImageLabels"
# No photo, so that no report is mailed while the stack goes: here its function would make its log group anew.
KEPT = "kept/"
ASSETS = {"buckets": ["cdk-hnb659fds-assets-000000000000-us-east-1"]}


# One AWS for the whole file.
pytestmark = pytest.mark.xdist_group("deploy")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with bare(tmp_path_factory.mktemp("bare")) as engine:
        yield engine


@pytest.fixture(autouse=True)
def _local(aws: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = aws.session.get_credentials()
    assert key is not None
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret_key)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", aws.session)
    # The CDK's own variables for its options --app and --output.
    monkeypatch.setenv("CDK_OUTPUT", str(tmp_path / "cdk.out"))
    monkeypatch.setenv("CDK_APP", shlex.join([sys.executable, "-m", "tests.infra.local_app"]))
    # Checking the template against CloudFormation's schemas takes longer than synthesizing it; other tests do it.
    monkeypatch.setenv("CDK_VALIDATION", "false")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'functions'}")


def run(*words: str, answer: str | None = None) -> str:
    """Run a command to its end and return what it prints; a UserError is raised as it is."""
    result = CliRunner().invoke(app, words, input=answer, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]  # by name


def stack() -> dict[str, Any]:
    (found,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return dict(found)


def outputs() -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack()["Outputs"]}


def settings() -> dict[str, str]:
    """Return the deployed settings: two as the resources have them, and the record of all."""
    functions = client("lambda").list_functions()["Functions"]
    (found,) = {function["Environment"]["Variables"].get("MIN_CONFIDENCE") for function in functions} - {None}
    recorded = dict(json.loads(outputs()["Settings"]))
    assert float(found) == float(recorded["minConfidence"])
    assert (recorded["stage"] == "prod") is stack()["EnableTerminationProtection"] is tables_protected()
    return recorded


def tables_protected() -> bool:
    dynamodb = client("dynamodb")
    tables = [dynamodb.describe_table(TableName=name)["Table"] for name in dynamodb.list_tables()["TableNames"]]
    (protected,) = {table["DeletionProtectionEnabled"] for table in tables}
    return bool(protected)


def test_the_stack_is_deployed_changed_and_taken_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="run `make bootstrap` once"):
        run("deploy", "--email", EMAIL)
    with pytest.raises(UserError, match="no setting minConfidnce; there are reportEmail, "):
        run("deploy", "--email", EMAIL, "--settings", "minConfidnce=80")

    run("bootstrap")
    with pytest.raises(UserError, match="Nobody would get the reports: add EMAIL="):
        run("deploy")
    said = run("deploy", "--email", EMAIL, "--stage", "prod", "--settings", "minConfidence=60")
    before = outputs()
    assert f"new      reportEmail: {EMAIL}" in said
    assert f"s3://{before['ImagesBucketName']}" in said
    assert f"#/statemachines/view/{before['StateMachineArn']}" in said
    assert f"#dashboards/dashboard/{before['DashboardName']}" in said
    first = settings()
    assert (first["minConfidence"], first["stage"]) == ("60", "prod")

    # A deploy without settings keeps all of them, so does a diff, and prod becomes dev only on purpose.
    assert "kept     stage: prod" in run("diff")
    assert "kept     minConfidence: 60" in run("deploy")
    with pytest.raises(UserError, match=r"stage prod.*--from-prod-to-dev"):
        run("deploy", "--stage", "dev", "--settings", "minConfidence=50")
    assert settings() == first

    with pytest.raises(UserError, match="ImageLabels is protected"):
        run("destroy", "--yes")

    photos = before["ImagesBucketName"]
    client("s3").put_object(Bucket=photos, Key=KEPT, Body=b"first")
    client("s3").put_object(Bucket=photos, Key=KEPT, Body=b"second")
    changes = "minConfidence=80 reportEmail=me@example.com,you@example.com"
    said = run("deploy", "--stage", "dev", "--from-prod-to-dev", "--settings", changes)
    _place, _quota, first_line, *_rest = said.splitlines()
    assert first_line.startswith(f"changed  reportEmail: from {EMAIL} to me@example.com,you@example.com (these ")
    changed = {"minConfidence": "80", "reportEmail": "me@example.com,you@example.com", "stage": "dev"}
    assert settings() == first | changed
    assert outputs() | {"Settings": ""} == before | {"Settings": ""}
    assert client("s3").get_object(Bucket=photos, Key=KEPT)["Body"].read() == b"second"

    with pytest.raises(UserError, match="Nothing was deleted"):
        run("destroy", answer="n\n")
    assert outputs()["ImagesBucketName"] == photos
    interrupt_after_the_first_bucket(monkeypatch)
    said = run("destroy", answer="y\n")
    assert "with every photo and label?" in said
    assert "Deleted." in said
    assert left() == ASSETS


def interrupt_after_the_first_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run `destroy` until the first bucket is empty; CloudFormation then lists that bucket though it is gone."""
    emptied: list[str] = []

    def once(s3: Any, bucket: str, deleted: Callable[[int], object]) -> int:
        if emptied:
            raise KeyboardInterrupt
        emptied.append(bucket)
        return empty(s3, bucket, deleted)

    with monkeypatch.context() as patched:
        patched.setattr(destroy_command, "empty", once)
        result = CliRunner().invoke(app, ["destroy", "--yes"])
    assert result.exit_code != 0
    (bucket,) = emptied
    client("s3").delete_bucket(Bucket=bucket)
    rules = client("events").list_rules()["Rules"]
    assert {rule["State"] for rule in rules} == {"DISABLED"}


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


TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "DeletionPolicy": "RetainExceptOnCreate",
    "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}
BUCKET = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate"}


def create(resources: dict[str, Any], status: str) -> None:
    """Create a protected stack of these resources, which ends with `status`."""
    options = {"TemplateBody": json.dumps({"Resources": resources}), "Capabilities": ["CAPABILITY_IAM"]}
    client("cloudformation").create_stack(StackName=STACK, EnableTerminationProtection=True, **options)
    eventually(lambda: stack()["StackStatus"] == status or None)


@pytest.mark.soak
def test_a_first_deploy_of_prod_that_failed_is_refused_and_destroy_takes_it_away() -> None:
    """CloudFormation cannot delete the stack before its protection is ended."""
    broken = {"Type": "AWS::IAM::Policy", "DependsOn": "Labels", "Properties": {"PolicyName": "without a document"}}
    run("bootstrap")
    create({"Labels": TABLE, "Images": BUCKET, "Broken": broken}, "ROLLBACK_FAILED")
    with pytest.raises(UserError, match="cannot be updated: `make destroy`"):
        run("deploy", "--email", EMAIL)
    assert "Deleted." in run("destroy", "--yes")
    assert left() == ASSETS


@pytest.mark.soak
def test_prod_keeps_its_data_when_its_protection_is_ended_and_the_stack_is_destroyed() -> None:
    create({"Labels": TABLE, "Images": BUCKET}, "CREATE_COMPLETE")
    with pytest.raises(UserError, match="ImageLabels is protected"):
        run("destroy", "--yes")
    client("cloudformation").update_termination_protection(StackName=STACK, EnableTerminationProtection=False)
    (bucket,) = set(left()["buckets"]) - set(ASSETS["buckets"])
    client("s3").put_object(Bucket=bucket, Key=KEPT, Body=b"a photo")
    said = run("destroy", answer="y\n")
    assert f"these stay: {bucket}, " in said
    assert f"Kept: {bucket}" in said
    assert client("s3").get_object(Bucket=bucket, Key=KEPT)["Body"].read() == b"a photo"
    assert set(left()) == {"buckets", "tables"}
