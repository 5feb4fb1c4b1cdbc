"""Data is encrypted at rest and in transit, nothing is public, and stage prod keeps data that dev may lose."""

import json
from typing import Any

import pytest

from tests.synthesis import Synthesize
from tools.permissions import Permission, permissions, shown

Template = dict[str, Any]
TLS = '{"Bool": {"aws:SecureTransport": "false"}}'
# A new execution writes its objects again.
DISPOSABLE = {"Work"}
DATA = {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::SQS::Queue"}


def by_construct(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of all resources of a type, by the names of their constructs."""
    resources = template["Resources"].items()
    return {shown({"Ref": name}): resource["Properties"] for name, resource in resources if resource["Type"] == kind}


@pytest.fixture(scope="module", params=["dev", "prod"])
def template(request: pytest.FixtureRequest, synthesize: Synthesize) -> Template:
    return synthesize(stage=request.param).template


def test_every_bucket_is_encrypted_and_closed_to_the_public(template: Template) -> None:
    buckets = by_construct(template, "AWS::S3::Bucket")
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
    assert all(queue["SqsManagedSseEnabled"] for queue in by_construct(template, "AWS::SQS::Queue").values())
    assert all("KmsMasterKeyId" in topic for topic in by_construct(template, "AWS::SNS::Topic").values())
    assert all(
        table["SSESpecification"]["SSEEnabled"] for table in by_construct(template, "AWS::DynamoDB::Table").values()
    )


def test_every_customer_managed_key_is_rotated_each_year(template: Template) -> None:
    assert all(key["EnableKeyRotation"] for key in by_construct(template, "AWS::KMS::Key").values())


def test_buckets_queues_and_topics_refuse_plain_http(template: Template) -> None:
    denied = {(row.action, row.resource) for row in permissions(template) if _refuses_http(row)}
    for name in by_construct(template, "AWS::S3::Bucket"):
        assert {("s3:*", name), ("s3:*", f"{name}/*")} <= denied
    for name in by_construct(template, "AWS::SQS::Queue"):
        assert ("sqs:*", name) in denied
    for name in by_construct(template, "AWS::SNS::Topic"):
        assert ("sns:Publish", name) in denied


def _refuses_http(row: Permission) -> bool:
    return row.who == "*" and row.effect == "may not" and row.condition == TLS


def test_nobody_outside_the_stack_is_allowed_anything(template: Template) -> None:
    """Only the stack's roles, AWS services and the account's root, which stands for the account's own policies."""
    roles = by_construct(template, "AWS::IAM::Role")
    for row in permissions(template):
        mine = row.who in roles or row.who.endswith((".amazonaws.com", ":iam::AWS::AccountId:root"))
        assert mine or row.effect == "may not", row


def test_photos_keep_their_old_versions_for_a_month(template: Template) -> None:
    images = by_construct(template, "AWS::S3::Bucket")["Images"]
    assert images["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = images["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rule["ExpiredObjectDeleteMarker"] is True
    assert "ExpirationInDays" not in rule


def test_every_bucket_deletes_incomplete_uploads(template: Template) -> None:
    for bucket in by_construct(template, "AWS::S3::Bucket").values():
        assert any("AbortIncompleteMultipartUpload" in rule for rule in bucket["LifecycleConfiguration"]["Rules"])


def test_every_table_has_point_in_time_recovery(template: Template) -> None:
    for table in by_construct(template, "AWS::DynamoDB::Table").values():
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_every_log_group_has_a_retention(template: Template) -> None:
    assert all(group["RetentionInDays"] == 90 for group in by_construct(template, "AWS::Logs::LogGroup").values())


def _kept(template: Template) -> set[str]:
    resources = template["Resources"].items()
    return {
        shown({"Ref": name})
        for name, resource in resources
        if resource["Type"] in DATA
        # The rollback of a first deploy that failed deletes them: they hold nothing yet.
        and resource.get("DeletionPolicy") == "RetainExceptOnCreate"
        and resource.get("UpdateReplacePolicy") == "Retain"
    }


def test_prod_keeps_all_data_when_the_stack_goes(prod: Template) -> None:
    resources = prod["Resources"].items()
    data = {shown({"Ref": name}) for name, resource in resources if resource["Type"] in DATA}
    assert _kept(prod) == data - DISPOSABLE


def test_dev_leaves_nothing_behind(synthesize: Synthesize) -> None:
    resources = synthesize().template["Resources"].values()
    policies = {resource.get("DeletionPolicy", "Delete") for resource in resources}
    assert policies == {"Delete"}


@pytest.mark.parametrize(("stage", "protected"), [("dev", False), ("prod", True)])
def test_only_prod_refuses_to_be_deleted(stage: str, protected: bool, synthesize: Synthesize) -> None:  # noqa: FBT001  # a parameter of a test
    assembly = synthesize(stage=stage)
    manifest = json.loads((assembly.folder / "manifest.json").read_text())
    assert manifest["artifacts"]["ImageLabels"]["properties"].get("terminationProtection", False) is protected
    assert by_construct(assembly.template, "AWS::DynamoDB::Table")["Labels"]["DeletionProtectionEnabled"] is protected


def test_no_code_of_others_runs_in_the_stack(template: Template) -> None:
    """Each function is one of ours: no custom resource brings its own Lambda and role."""
    functions = by_construct(template, "AWS::Lambda::Function").values()
    assert all(function["Handler"].endswith(".handler.handler") for function in functions)
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert not any(kind.startswith("Custom::") for kind in types)
