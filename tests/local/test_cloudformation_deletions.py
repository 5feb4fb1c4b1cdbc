"""The local CloudFormation fails where AWS's does, and then lists what AWS's lists."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from imagelabels.local.engine import Engine, bare
from tests.e2e.stack import eventually

STACK = "deletions"
BUCKET = {"Type": "AWS::S3::Bucket"}
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}
BROKEN = {"Type": "AWS::IAM::Policy", "DependsOn": "Labels", "Properties": {"PolicyName": "without a document"}}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with bare(tmp_path_factory.mktemp("bare")) as engine:
        yield engine


def client(aws: Engine, service: str) -> Any:
    return aws.session.client(service, endpoint_url=aws.endpoint)  # type: ignore[call-overload]  # by name


@pytest.fixture(params=["CREATE_COMPLETE", "ROLLBACK_FAILED"])
def created(aws: Engine, request: pytest.FixtureRequest) -> Iterator[str]:
    """Create a stack with a protected table, whole or with a resource that cannot be made; return its status."""
    broken = {"Broken": BROKEN} if request.param == "ROLLBACK_FAILED" else {}
    template = json.dumps({"Resources": {"Images": BUCKET, "Labels": TABLE, **broken}})
    client(aws, "cloudformation").create_stack(StackName=STACK, TemplateBody=template, Capabilities=["CAPABILITY_IAM"])
    wait_for(aws, request.param)
    yield request.param
    end_protection(aws)
    client(aws, "cloudformation").delete_stack(StackName=STACK)
    assert eventually(lambda: None if client(aws, "dynamodb").list_tables()["TableNames"] else True)


def wait_for(aws: Engine, status: str) -> None:
    describe = client(aws, "cloudformation").describe_stacks
    eventually(lambda: describe(StackName=STACK)["Stacks"][0]["StackStatus"] == status or None)


def end_protection(aws: Engine) -> None:
    dynamodb = client(aws, "dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)


def listed(aws: Engine) -> dict[str, str]:
    found = client(aws, "cloudformation").list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    return {one["LogicalResourceId"]: one["ResourceStatus"] for one in found}


def test_a_protected_table_stays_and_what_went_is_still_listed(aws: Engine, created: str) -> None:
    """As after an interrupted `make destroy`, and after a first deploy of prod that failed."""
    if created == "ROLLBACK_FAILED":
        assert listed(aws)["Labels"] == "DELETE_FAILED"
    client(aws, "cloudformation").delete_stack(StackName=STACK)
    wait_for(aws, "DELETE_FAILED")
    assert listed(aws)["Labels"] == "DELETE_FAILED"
    if created == "CREATE_COMPLETE":
        assert listed(aws)["Images"] == "DELETE_COMPLETE"
        assert client(aws, "s3").list_buckets()["Buckets"] == []
