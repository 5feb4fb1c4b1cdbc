"""Permissions are those of docs/permissions.md, and those that the definition and the rules need."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from imagelabels.paths import ROOT
from tests.synthesis import of_type
from tools.permissions import Permission, Template, permissions, shown, table

GOLDEN = ROOT / "docs" / "permissions.md"
# What a Task of the definition needs: the action, and the parameter that names its resource.
BATCHES = {
    ("states:StartExecution", "arn:AWS::Partition:states:AWS::Region:AWS::AccountId:stateMachine:label-library"),
    *(
        (f"states:{action}", "arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:label-library:*")
        for action in ("DescribeExecution", "StopExecution")
    ),
}
REDRIVEN = "arn:AWS::Partition:states:AWS::Region:AWS::AccountId:execution:label-library/{}:*"
# What Step Functions does to write the results of a Distributed Map.
WRITING = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject")
TASKS = {
    "arn:${Partition}:states:::lambda:invoke": ("lambda:InvokeFunction", "FunctionName"),
    "arn:${Partition}:states:::sqs:sendMessage": ("sqs:SendMessage", "QueueUrl"),
}
# docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and .../concepts-xray-tracing.html list these.
LOGGING = {
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
TRACING = {"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}
# Their calls name no resource, so IAM lets a policy name none (Service Authorization Reference).
NO_RESOURCE = {*LOGGING, *TRACING, "rekognition:DetectLabels"}

Needs = set[tuple[str, str]]


def tasks(states: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every Task, those inside Map and Parallel included."""
    for state in states.values():
        if state["Type"] == "Task":
            yield state
        for inner in [*state.get("Branches", []), state.get("ItemProcessor", {})]:
            yield from tasks(inner.get("States", {}))


def machine_needs(machine: dict[str, Any]) -> Needs:
    substitutions = {f"${{{name}}}": shown(value) for name, value in machine["DefinitionSubstitutions"].items()}
    needs = {(action, "*") for action in LOGGING} if machine["LoggingConfiguration"]["Level"] != "OFF" else set()
    needs |= {(action, "*") for action in TRACING} if machine["TracingConfiguration"]["Enabled"] else set()
    for task in tasks(json.loads(machine["DefinitionString"])["States"]):
        action, parameter = TASKS[task["Resource"]]
        needs.add((action, substitutions[task["Parameters"][parameter]]))
    for state in json.loads(machine["DefinitionString"])["States"].values():
        if state["Type"] == "Map":
            needs |= map_needs(state, substitutions)
    return needs


def map_needs(state: dict[str, Any], substitutions: dict[str, str]) -> Needs:
    """Return what a Distributed Map needs for its reader, its writer and its child executions."""
    reader, writer = state["ItemReader"]["Parameters"], state["ResultWriter"]["Parameters"]
    bucket = substitutions[reader["Bucket"]]
    folder = reader.get("Key.$", "").partition("'")[2].partition("{")[0]
    read = ("s3:GetObject", f"{bucket}/{folder}*") if folder else ("s3:ListBucket", bucket)
    written = {(action, f"{substitutions[writer['Bucket']]}/{writer['Prefix']}/*") for action in WRITING}
    return {read, *written, *BATCHES, ("states:RedriveExecution", REDRIVEN.format(state["Label"]))}


def allowed(template: Template, role: str) -> Needs:
    rows = permissions(template)
    return {(row.action, row.resource) for row in rows if row.who == role and row.effect == "may"}


def test_the_documented_permissions_are_the_templates(template: Template) -> None:
    assert GOLDEN.read_text() == table(template), "`make docs` writes the page anew; look at its diff"


def test_prod_gives_the_same_permissions(template: Template, prod: Template) -> None:
    assert permissions(prod) == permissions(template)


def test_a_state_machine_may_do_exactly_what_its_definition_needs(template: Template) -> None:
    for machine in of_type(template, "AWS::StepFunctions::StateMachine"):
        assert allowed(template, shown(machine["RoleArn"])) == machine_needs(machine)


def test_a_rule_may_do_exactly_what_its_targets_need(template: Template) -> None:
    targets = [target for rule in of_type(template, "AWS::Events::Rule") for target in rule["Targets"]]
    with_role = [target for target in targets if "RoleArn" in target]
    assert with_role
    for target in with_role:
        assert allowed(template, shown(target["RoleArn"])) == {("states:StartExecution", shown(target["Arn"]))}


def test_each_function_has_a_role_of_its_own(template: Template) -> None:
    roles = [shown(function["Role"]) for function in of_type(template, "AWS::Lambda::Function")]
    assert len(roles) == len(set(roles))


def test_every_role_is_for_services_that_act_for_this_account(template: Template) -> None:
    """Another account cannot make a service use a role of this account (the confused deputy)."""
    trusts = [row for row in permissions(template) if row.action == "sts:AssumeRole"]
    assert {row.who for row in trusts} == {"events.amazonaws.com", "lambda.amazonaws.com", "states.amazonaws.com"}
    for row in trusts:
        condition = json.loads(row.condition or "{}")
        assert condition.get("StringEquals") == {"aws:SourceAccount": "AWS::AccountId"}, row


def test_only_the_functions_that_mail_may_publish(template: Template) -> None:
    """And CloudWatch, to the operators."""
    publish = {"sns:Publish": {"Reports", "Mail", "Operators"}, "sqs:SendMessage": {"ReportsQueue"}}
    may = {
        (row.who, row.resource)
        for row in permissions(template)
        if row.effect == "may" and row.resource in publish.get(row.action, ())
    }
    assert may == {
        ("CheckSubscriptionsRole", "Mail"),
        ("PublishReportRole", "Reports"),
        ("SendDigestRole", "Mail"),
        ("cloudwatch.amazonaws.com", "Operators"),
        ("sns.amazonaws.com", "ReportsQueue"),
    }


def test_no_role_has_a_managed_policy(template: Template) -> None:
    assert [role for role in of_type(template, "AWS::IAM::Role") if "ManagedPolicyArns" in role] == []


def test_no_wildcard_is_in_an_allowed_action(template: Template) -> None:
    assert [row for row in permissions(template) if row.effect == "may" and "*" in row.action] == []


def test_only_actions_without_resources_are_allowed_on_everything(template: Template) -> None:
    everywhere = {row.action for row in permissions(template) if row.effect == "may" and row.resource == "*"}
    assert everywhere == NO_RESOURCE


def test_detect_labels_is_kept_to_the_stacks_region(template: Template) -> None:
    (row,) = [row for row in permissions(template) if row.action == "rekognition:DetectLabels"]
    assert json.loads(row.condition) == {"StringEquals": {"aws:RequestedRegion": "AWS::Region"}}


def test_detect_labels_writes_one_item_of_the_claims_alone(template: Template) -> None:
    """tests/e2e/test_least_privilege.py shows that another item is refused."""
    (row,) = [row for row in permissions(template) if row.action == "dynamodb:UpdateItem"]
    only = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["TURNS#DetectLabels"]}}
    assert (row.who, row.resource, json.loads(row.condition)) == ("DetectLabelsRole", "Claims", only)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Fn::Join": ["", [{"Fn::GetAtt": ["Images2D38C313", "Arn"]}, "/*"]]}, "Images/*"),
        ({"Ref": "AWS::Region"}, "AWS::Region"),
        ({"Fn::GetAtt": ["Reports01234567", "TopicName"]}, "Reports.TopicName"),
        ("*", "*"),
    ],
)
def test_resources_are_shown_by_the_names_of_their_constructs(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_permission_of_a_resource_policy_names_the_service_and_the_condition() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Rule01234567", "Arn"]}}},
        "Resource": {"Fn::GetAtt": ["Queue01234567", "Arn"]},
    }
    template = {"Resources": {"P": {"Type": "x", "Properties": {"PolicyDocument": {"Statement": [statement]}}}}}
    condition = '{"ArnEquals": {"aws:SourceArn": "Rule"}}'
    assert permissions(template) == [Permission("events.amazonaws.com", "may", "sqs:SendMessage", "Queue", condition)]
