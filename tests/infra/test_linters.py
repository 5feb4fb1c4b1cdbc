"""Two linters that are not AWS's read what is deployed: the definition of the workflow, and each role's policies."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from imagelabels.deploy.node import find_node
from imagelabels.paths import ROOT
from tests.synthesis import Synthesize, of_type
from tools.permissions import Template

ASL_VALIDATOR = ROOT / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
DEPLOYED = {
    "dev": {},
    "prod": {"stage": "prod"},
    "prod with SES": {"stage": "prod", "reportSender": "labels@example.com"},
}
# What Ref and Fn::GetAtt give in the place of each type of resource.
ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:us-east-1:123456789012:table/{}",
    "AWS::Lambda::Function": "arn:aws:lambda:us-east-1:123456789012:function:{}",
    "AWS::Logs::LogGroup": "arn:aws:logs:us-east-1:123456789012:log-group:{}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::SNS::Topic": "arn:aws:sns:us-east-1:123456789012:{}",
    "AWS::SQS::Queue": "arn:aws:sqs:us-east-1:123456789012:{}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:us-east-1:123456789012:stateMachine:{}",
}
PSEUDO = {"AWS::AccountId": "123456789012", "AWS::Partition": "aws", "AWS::Region": "us-east-1"}
# AWS offers no resource for these, as docs/permissions.md says of each.
ACKNOWLEDGED = {"RESOURCE_STAR"}


@pytest.fixture(scope="module", params=DEPLOYED, ids=str)
def deployed(request: pytest.FixtureRequest, synthesize: Synthesize) -> Template:
    return synthesize(**DEPLOYED[request.param]).template


def resolved(value: Any, template: Template) -> Any:
    """Return a value of the template with names and ARNs in the place of intrinsic functions."""
    match value:
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(str(resolved(part, template)) for part in parts)
        case {"Ref": str(name)} if name in PSEUDO:
            return PSEUDO[name]
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
            return ARNS[template["Resources"][name]["Type"]].format(name.lower())
        case dict():
            return {key: resolved(inner, template) for key, inner in value.items()}
        case list():
            return [resolved(inner, template) for inner in value]
    return value


def asl_complaints(definition: str, folder: Path) -> str:
    """Return what asl-validator says of a definition, "" when it finds nothing."""
    file = folder / "definition.asl.json"
    file.write_text(definition)
    command = [find_node(), str(ASL_VALIDATOR), "--json-path", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # a locked package
    return "" if done.returncode == 0 else done.stdout + done.stderr


def definition(template: Template) -> str:
    (machine,) = of_type(template, "AWS::StepFunctions::StateMachine")
    text: str = machine["DefinitionString"]
    for name, value in machine["DefinitionSubstitutions"].items():
        text = text.replace(f"${{{name}}}", str(resolved(value, template)))
    return text


def test_asl_validator_finds_nothing(deployed: Template, tmp_path: Path) -> None:
    assert asl_complaints(definition(deployed), tmp_path) == ""


def test_asl_validator_reads_the_definition(deployed: Template, tmp_path: Path) -> None:
    broken = json.loads(definition(deployed))
    broken["StartAt"] = "Nowhere"
    assert "Nowhere" in asl_complaints(json.dumps(broken), tmp_path)


def policy_complaints(document: dict[str, Any]) -> list[str]:
    """Return parliament's findings about a policy."""
    # Imported here: it reads a description of all of IAM.
    from parliament import analyze_policy_string  # noqa: PLC0415  # see above

    findings = analyze_policy_string(json.dumps(document)).findings
    return [f"{found.issue}: {found.detail} {found.location}" for found in findings if found.issue not in ACKNOWLEDGED]


def test_parliament_finds_nothing_in_any_policy(deployed: Template) -> None:
    policies = of_type(deployed, "AWS::IAM::Policy")
    assert len(policies) > 9
    found = {
        policy["PolicyName"]: policy_complaints(resolved(policy["PolicyDocument"], deployed)) for policy in policies
    }
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


def test_parliament_reads_a_policy() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::bucket/*"}
    (complaint,) = policy_complaints({"Version": "2012-10-17", "Statement": [statement]})
    assert "s3:GetObjekt" in complaint or "UNKNOWN_ACTION" in complaint
