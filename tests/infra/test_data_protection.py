"""Data at rest is encrypted, data in transit too, nothing is public, and prod keeps what dev may lose."""

import json
from typing import Any

import pytest

from tests.synthesis import Synthesize
from tools.permissions import Permission, permissions, shown

Template = dict[str, Any]
TLS = '{"Bool": {"aws:SecureTransport": "false"}}'
# What is made again by a restart, and what only repeats what is kept elsewhere.
DISPOSABLE = {"Work"}
DATA = {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SQS::Queue"}


def by_name(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of all resources of a type, by the names of their constructs."""
    resources = template["Resources"].items()
    return {shown({"Ref": name}): resource["Properties"] for name, resource in resources if resource["Type"] == kind}


@pytest.fixture(scope="module", params=["dev", "prod"])
def template(request: pytest.FixtureRequest, synthesize: Synthesize) -> Template:
    return synthesize(stage=request.param).template


def test_every_bucket_is_encrypted_and_closed_to_the_public(template: Template) -> None:
    buckets = by_name(template, "AWS::S3::Bucket")
    assert buckets
    for properties in buckets.values():
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
        assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert properties["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }


def test_every_queue_topic_and_table_is_encrypted(template: Template) -> None:
    assert all(queue["SqsManagedSseEnabled"] for queue in by_name(template, "AWS::SQS::Queue").values())
    assert all("KmsMasterKeyId" in topic for topic in by_name(template, "AWS::SNS::Topic").values())
    assert all(table["SSESpecification"]["SSEEnabled"] for table in by_name(template, "AWS::DynamoDB::Table").values())


def test_every_key_of_ours_is_renewed_each_year(template: Template) -> None:
    assert all(key["EnableKeyRotation"] for key in by_name(template, "AWS::KMS::Key").values())


def test_buckets_queues_and_topics_refuse_plain_http(template: Template) -> None:
    denied = {(row.action, row.resource) for row in permissions(template) if _refuses_http(row)}
    for name in by_name(template, "AWS::S3::Bucket"):
        assert {("s3:*", name), ("s3:*", f"{name}/*")} <= denied
    for name in by_name(template, "AWS::SQS::Queue"):
        assert ("sqs:*", name) in denied
    for name in by_name(template, "AWS::SNS::Topic"):
        assert ("sns:Publish", name) in denied


def _refuses_http(row: Permission) -> bool:
    return row.who == "*" and row.effect == "may not" and row.condition == TLS


def test_no_policy_allows_anything_outside_the_stack(template: Template) -> None:
    """Besides the stack's roles, only AWS's services are; the account's root stands for the account's own policies."""
    roles = by_name(template, "AWS::IAM::Role")
    for row in permissions(template):
        mine = row.who in roles or row.who.endswith((".amazonaws.com", ":iam::AWS::AccountId:root"))
        assert mine or row.effect == "may not", row


def test_photos_keep_their_old_versions_for_a_month(template: Template) -> None:
    images = by_name(template, "AWS::S3::Bucket")["Images"]
    assert images["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = images["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rule["ExpiredObjectDeleteMarker"] is True
    assert "ExpirationInDays" not in rule


def test_every_bucket_drops_uploads_that_never_ended(template: Template) -> None:
    for bucket in by_name(template, "AWS::S3::Bucket").values():
        assert any("AbortIncompleteMultipartUpload" in rule for rule in bucket["LifecycleConfiguration"]["Rules"])


def test_every_table_can_go_back_to_any_second_of_the_last_month(template: Template) -> None:
    for table in by_name(template, "AWS::DynamoDB::Table").values():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_every_log_group_forgets(template: Template) -> None:
    assert all(group["RetentionInDays"] == 90 for group in by_name(template, "AWS::Logs::LogGroup").values())


def _kept(template: Template) -> set[str]:
    resources = template["Resources"].items()
    return {
        shown({"Ref": name})
        for name, resource in resources
        if resource["Type"] in DATA
        and resource.get("DeletionPolicy") == resource.get("UpdateReplacePolicy") == "Retain"
    }


def test_prod_keeps_all_data_when_the_stack_goes(prod: Template) -> None:
    data = {shown({"Ref": name}) for name, resource in prod["Resources"].items() if resource["Type"] in DATA}
    assert _kept(prod) == data - DISPOSABLE


def test_dev_leaves_nothing_behind(synthesize: Synthesize) -> None:
    policies = {resource.get("DeletionPolicy", "Delete") for resource in synthesize().template["Resources"].values()}
    assert policies == {"Delete"}


@pytest.mark.parametrize(("stage", "protected"), [("dev", False), ("prod", True)])
def test_only_prod_refuses_to_be_deleted(stage: str, protected: bool, synthesize: Synthesize) -> None:  # noqa: FBT001  # a parameter of a test
    assembly = synthesize(stage=stage)
    manifest = json.loads((assembly.folder / "manifest.json").read_text())
    assert manifest["artifacts"]["ImageLabels"]["properties"].get("terminationProtection", False) is protected
    assert by_name(assembly.template, "AWS::DynamoDB::Table")["Labels"]["DeletionProtectionEnabled"] is protected


def test_no_code_of_others_runs_in_the_stack(template: Template) -> None:
    """Each function is one of ours: no custom resource brings its own Lambda and role."""
    assert all(
        function["Handler"].endswith(".handler.handler")
        for function in by_name(template, "AWS::Lambda::Function").values()
    )
    assert [resource for resource in template["Resources"].values() if resource["Type"].startswith("Custom::")] == []
