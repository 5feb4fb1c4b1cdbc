"""Two linters that are not AWS's read what is deployed: the definition of the workflow, and each role's policies."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from imagelabels.deploy.node import find_node
from imagelabels.paths import ROOT
from tests.synthesis import Synthesize, of_type
from tools.permissions import Template

ASL_VALIDATOR = ROOT / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
PARLIAMENT = Path(sys.executable).with_name("parliament")
DEPLOYED = {
    "dev": {},
    "prod": {"stage": "prod"},
    "prod with SES": {"stage": "prod", "reportSender": "labels@example.com", "reportPhone": "+15551234567"},
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
# parliament knows the executions of Express workflows only.
ACKNOWLEDGED = {"RESOURCE_MISMATCH states:DescribeExecution"}


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
        case {"Fn::GetAtt": [str(name), "Name"]}:
            return name.lower()
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), _]}:
            return ARNS[template["Resources"][name]["Type"]].format(name.lower())
        case dict():
            return {key: resolved(inner, template) for key, inner in value.items()}
    return [resolved(inner, template) for inner in value] if isinstance(value, list) else value


def asl_complaints(definition: str, folder: Path) -> str:
    """Return what asl-validator says of a definition, "" when it finds nothing."""
    file = folder / "definition.asl.json"
    file.write_text(definition)
    command = [find_node(), str(ASL_VALIDATOR), "--json-path", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # a locked package
    return "" if done.returncode == 0 else done.stdout + done.stderr


def definitions(template: Template) -> dict[str, str]:
    """Return the definition of each state machine, by its name."""
    found = {}
    for machine in of_type(template, "AWS::StepFunctions::StateMachine"):
        text: str = machine["DefinitionString"]
        for name, value in machine["DefinitionSubstitutions"].items():
            text = text.replace(f"${{{name}}}", str(resolved(value, template)))
        found[machine["StateMachineName"]] = text
    return found


def test_asl_validator_finds_nothing(deployed: Template, tmp_path: Path) -> None:
    found = {name: asl_complaints(text, tmp_path) for name, text in definitions(deployed).items()}
    assert found == {"label-image": "", "label-library": ""}


def test_asl_validator_reads_the_definitions(deployed: Template, tmp_path: Path) -> None:
    for text in definitions(deployed).values():
        broken = json.loads(text)
        broken["StartAt"] = "Nowhere"
        assert "Nowhere" in asl_complaints(json.dumps(broken), tmp_path)


def policy_complaints(policies: dict[str, dict[str, Any]], folder: Path) -> list[str]:
    """Return parliament's findings about policies, by name."""
    for name, document in policies.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    # In a process of its own: its code makes warnings, which are errors in tests.
    command = [sys.executable, "-W", "ignore", str(PARLIAMENT), "--directory", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # a locked package
    assert "Traceback" not in done.stderr, done.stderr
    return [_named(json.loads(line)) for line in done.stdout.splitlines()]


def _named(finding: dict[str, Any]) -> str:
    """Return the finding's kind and, when it is about one action alone, the action."""
    match finding:
        case {"issue": str(issue), "detail": [{"action": str(action)}]}:
            return f"{issue} {action}"
    return str(finding["issue"])


def test_parliament_finds_nothing_in_any_policy(deployed: Template, tmp_path: Path) -> None:
    policies = of_type(deployed, "AWS::IAM::Policy")
    assert len(policies) > 9
    documents = {policy["PolicyName"]: resolved(policy["PolicyDocument"], deployed) for policy in policies}
    found = set(policy_complaints(documents, tmp_path))
    assert found == ACKNOWLEDGED, "an acknowledgement without a finding would hide the next one"


def test_parliament_reads_a_policy(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::bucket/*"}
    (complaint,) = policy_complaints({"wrong": {"Version": "2012-10-17", "Statement": [statement]}}, tmp_path)
    assert "UNKNOWN_ACTION" in complaint
