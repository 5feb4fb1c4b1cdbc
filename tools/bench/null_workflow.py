"""The null pipeline: the product's definition on the same engine, with functions that return a recorded answer.

Its audit queue has a consumer as the product's has, one that does nothing. There are two of them: the emulator waits
50 ms for the log of a function that writes none, so the functions of the second write a line, as the product's do.
"""

import io
import json
import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from imagelabels.local.template import RUNTIME, write_bootstrap
from imagelabels.stack.connection import Stack
from infra.definition import definition, definition_json

# The answer is read once, at the start.
SILENT = """
import json
from pathlib import Path

ANSWER = json.loads(Path(__file__).with_name("answer.json").read_text())


def handler(event, context):
    return ANSWER
"""
LOGGING = SILENT.replace("    return", '    print("Step done", flush=True)\n    return')
FUNCTION = re.compile(r"\$\{(\w+)FunctionArn\}")
ANY_SERVICE = {"Effect": "Allow", "Action": ["lambda:InvokeFunction", "sqs:*"], "Resource": "*"}
# SQS: what went well. The consumer of the audit queue answers so.
ALL_DONE: dict[str, Any] = {"batchItemFailures": []}


def functions() -> dict[str, str]:
    """Return the function of each state that invokes one: the name before `FunctionArn` in the definition."""
    states = definition()["States"].items()
    names = {name: FUNCTION.search(str(state.get("Parameters", {}).get("FunctionName", ""))) for name, state in states}
    return {name: found[1] for name, found in names.items() if found}


def filled(text: str, values: dict[str, str]) -> str:
    """Return the definition with its `${...}` replaced, as CloudFormation does it."""
    return re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text)


def create(stack: Stack, name: str, source: str, answers: dict[str, Any]) -> str:
    """Create a null pipeline of this name, with the source of its functions and the answer of each by name.

    Return the ARN of its state machine.
    """
    role = _role(stack, name)
    codes = {step: _code(source, answer, stack.endpoint or "") for step, answer in answers.items()}
    arns = {f"{step}FunctionArn": _function(stack, f"{name}-{step}", code, role) for step, code in codes.items()}
    queue = _queue(stack, f"{name}-audit")
    archive = _code(source, ALL_DONE, stack.endpoint or "")
    _consume(stack, queue, _function(stack, f"{name}-ArchiveAudit", archive, role))
    values = arns | {"AuditQueueUrl": queue, "RemovalQueueUrl": _queue(stack, f"{name}-removals"), "Partition": "aws"}
    created = stack.client("stepfunctions").create_state_machine(
        name=name, definition=filled(definition_json(), values), roleArn=role, type="STANDARD"
    )
    return str(created["stateMachineArn"])


def _role(stack: Stack, name: str) -> str:
    iam, services = stack.client("iam"), ["lambda.amazonaws.com", "states.amazonaws.com"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": services}}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=_policy(ANY_SERVICE))
    return str(role["Arn"])


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _function(stack: Stack, name: str, code: bytes, role: str) -> str:
    created = stack.client("lambda").create_function(
        FunctionName=name, Runtime=RUNTIME, Handler="null.handler", Role=role, Code={"ZipFile": code}, Timeout=30
    )
    return str(created["FunctionArn"])


def _code(source: str, answer: Any, endpoint: str) -> bytes:
    buffer = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(buffer, "w") as archive:
        bootstrap = Path(folder, "bootstrap")
        write_bootstrap(bootstrap, endpoint)
        archive.write(bootstrap, bootstrap.name)
        archive.writestr("null.py", source)
        archive.writestr("answer.json", json.dumps(answer))
    return buffer.getvalue()


def _queue(stack: Stack, name: str) -> str:
    attributes = {"VisibilityTimeout": "180"}
    return str(stack.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def _consume(stack: Stack, queue: str, function: str) -> None:
    """Let a function take the messages of a queue, in batches as the product's audit queue has them."""
    aws = stack.client("lambda")
    mappings = aws.list_event_source_mappings()["EventSourceMappings"]
    name = stack.outputs["AuditQueueUrl"].rpartition("/")[2]
    (audit,) = [found for found in mappings if found["EventSourceArn"].endswith(f":{name}")]
    attributes = stack.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    aws.create_event_source_mapping(
        EventSourceArn=attributes["QueueArn"],
        FunctionName=function,
        BatchSize=audit["BatchSize"],
        MaximumBatchingWindowInSeconds=audit.get("MaximumBatchingWindowInSeconds", 0),
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
