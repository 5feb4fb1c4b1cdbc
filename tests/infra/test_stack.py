"""The template says what DESIGN promises: outputs, rule, roles, data."""

import json
from pathlib import Path
from typing import Any

import pytest

from imagelabels.errors import DeskError
from infra.settings import Settings
from tests.synthesis import synthesized

OUTPUTS = {
    "ImagesBucketName",
    "StateMachineArn",
    "LabelsTableName",
    "ReportsTopicArn",
    "AuditQueueUrl",
    "AuditDeadLetterQueueUrl",
    "UndeliveredEventsQueueUrl",
}
Resource = dict[str, Any]


def of_type(template: dict[str, Any], kind: str) -> list[Resource]:
    return [one["Properties"] for one in template["Resources"].values() if one["Type"] == kind]


def test_outputs_have_the_names_that_others_rely_on(template: dict[str, Any]) -> None:
    assert set(template["Outputs"]) >= OUTPUTS


def test_upload_rule_leaves_out_console_folders_and_has_a_dead_letter_queue(template: dict[str, Any]) -> None:
    rules = of_type(template, "AWS::Events::Rule")
    (rule,) = [one for one in rules if one["EventPattern"].get("detail-type") == ["Object Created"]]
    assert rule["EventPattern"]["detail"]["object"]["key"] == [{"anything-but": {"suffix": "/"}}]
    (target,) = rule["Targets"]
    assert "DeadLetterConfig" in target


def test_every_function_has_a_role_of_its_own(template: dict[str, Any]) -> None:
    roles = [json.dumps(one["Role"]) for one in of_type(template, "AWS::Lambda::Function")]
    assert len(roles) == len(set(roles)) >= 4


def test_no_policy_of_ours_has_a_wildcard_action(template: dict[str, Any]) -> None:
    for policy in of_type(template, "AWS::IAM::Policy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not [action for action in actions if "*" in action]


def test_no_custom_resource_and_no_managed_policy(template: dict[str, Any]) -> None:
    kinds = {one["Type"] for one in template["Resources"].values()}
    assert not [kind for kind in kinds if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource"]
    assert not [role for role in of_type(template, "AWS::IAM::Role") if role.get("ManagedPolicyArns")]


def test_images_bucket_is_versioned_private_and_tells_eventbridge(template: dict[str, Any]) -> None:
    buckets = of_type(template, "AWS::S3::Bucket")
    (images,) = [one for one in buckets if one.get("NotificationConfiguration")]
    assert images["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert images["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(set(one["PublicAccessBlockConfiguration"].values()) == {True} for one in buckets)


def test_table_has_the_index_by_label(template: dict[str, Any]) -> None:
    (table,) = [one for one in of_type(template, "AWS::DynamoDB::Table") if "GlobalSecondaryIndexes" in one]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "by-label"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["label", "confidence"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_report_email_is_subscribed_and_nobody_without_it(template: dict[str, Any], tmp_path: Path) -> None:
    assert mailboxes(template) == {"photos@example.com": ["FAILED", "LABELLED", "REJECTED"]}
    assert mailboxes(synthesized(tmp_path)) == {}


def test_failures_go_to_the_operators_alone_when_they_have_an_address(tmp_path: Path) -> None:
    template = synthesized(tmp_path, reportEmail="photos@example.com", operatorsEmail="operators@example.com")
    assert mailboxes(template) == {
        "operators@example.com": ["FAILED"],
        "photos@example.com": ["LABELLED", "REJECTED"],
    }


def mailboxes(template: dict[str, Any]) -> dict[str, list[str]]:
    mails = [one for one in of_type(template, "AWS::SNS::Subscription") if one["Protocol"] == "email"]
    assert all(one["TopicArn"] == template["Outputs"]["MailTopicArn"]["Value"] for one in mails)
    return {one["Endpoint"]: one["FilterPolicy"]["outcome"] for one in mails}


def reports_source(template: dict[str, Any]) -> Resource:
    """Return the mapping that feeds SendDigest."""
    every = of_type(template, "AWS::Lambda::EventSourceMapping")
    (source,) = [one for one in every if "ReportsQueue" in json.dumps(one["EventSourceArn"])]
    return source


def test_reports_are_gathered_before_they_are_mailed(template: dict[str, Any], tmp_path: Path) -> None:
    """A minute's reports become one mail; with digestSeconds=0 each is mailed alone."""
    source = reports_source(template)
    assert (source["BatchSize"], source["MaximumBatchingWindowInSeconds"]) == (1000, 60)
    assert source["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    at_once = reports_source(synthesized(tmp_path, digestSeconds="0"))
    assert (at_once["BatchSize"], at_once["MaximumBatchingWindowInSeconds"]) == (1, 0)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"report_email": "nobody"}, "e-mail address"),
        ({"min_confidence": 101.0}, "from 0 to 100"),
        ({"operators_email": "nobody"}, "e-mail address"),
        ({"digest_seconds": -1}, "from 0 to 300"),
        ({"digest_seconds": 301}, "from 0 to 300"),
        ({"max_labels": 0}, "from 1 to 49"),
        ({"max_labels": 50}, "from 1 to 49"),
        ({"stage": "production"}, "dev, prod"),
    ],
)
def test_settings_out_of_range_are_refused_with_a_sentence(choice: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Settings(**choice)


def test_a_wrong_context_stops_synthesis_with_the_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="maxLabels must be a number, not 'many'"):
        synthesized(tmp_path, maxLabels="many")
