"""The definition as it is, deployed to moto's Step Functions with everything around it."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3

from infra.definition import definition_json
from tests import resources
from tests.workflow.faults import Faults

IMAGES = resources.IMAGES
REMOVALS = "removals"
STEPS = ("validate_image", "normalize_image", "detect_labels", "persist_labels", "publish_report")


@dataclass(frozen=True)
class Execution:
    """How an execution ended, and its history."""

    arn: str
    status: str
    error: str | None
    cause: str | None
    history: list[dict[str, Any]]

    @property
    def states(self) -> list[str]:
        """The names of the states that were entered, in order."""
        return [event["stateEnteredEventDetails"]["name"] for event in self._of("StateEntered")]

    @property
    def failures(self) -> list[str]:
        """The names of the errors of every failed attempt, in order."""
        details = [event.get("taskFailedEventDetails") for event in self._of("TaskFailed")]
        timeouts = [event.get("taskTimedOutEventDetails") for event in self._of("TaskTimedOut")]
        return [detail["error"] for detail in [*details, *timeouts] if detail]

    def after(self, state: str) -> str | None:
        """Return the name of the state that was entered after `state`, None when it was the last."""
        return next(iter(self.states[self.states.index(state) + 1 :]), None)

    def output(self, state: str) -> Any:
        """Return what a state handed on."""
        details = [event["stateExitedEventDetails"] for event in self._of("StateExited")]
        return next(json.loads(detail["output"]) for detail in details if detail["name"] == state)

    def _of(self, ending: str) -> list[dict[str, Any]]:
        return [event for event in self.history if event["type"].endswith(ending)]


def object_created(key: str, version: str) -> dict[str, Any]:
    """Return S3's event as EventBridge hands it to the workflow."""
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "detail": {
            "version": "0",
            "bucket": {"name": IMAGES},
            "object": {
                "key": key,
                "size": 5,
                "etag": "b1946ac9",
                "version-id": version,
                "sequencer": "617f08299329d189",
            },
            "reason": "PutObject",
        },
    }


class Machine:
    """The deployed workflow. `waits` are the seconds that its retries asked for."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3")
        self.sqs = boto3.client("sqs")
        resources.create_buckets()
        self.table = resources.create_tables()
        self.audit = self.sqs.create_queue(QueueName="audit")["QueueUrl"]
        self.inbox = self.sqs.create_queue(QueueName="inbox")["QueueUrl"]
        self.removal = self.sqs.create_queue(QueueName=REMOVALS)["QueueUrl"]
        self.topic = self._topic()
        self.substitutions = _functions() | {
            "AuditQueueUrl": self.audit,
            "Partition": "aws",
            "RemovalQueueUrl": self.removal,
        }
        self.arn = self.create("label-image", definition_json())
        self.renew(Faults(), [])

    def renew(self, faults: Faults, waits: list[float]) -> None:
        """Empty the queues and forget the faults of earlier runs."""
        self.faults, self.waits = faults, waits
        for queue in (self.audit, self.inbox, self.removal):
            self._drain(queue)

    def _topic(self) -> str:
        sns = boto3.client("sns")
        topic: str = sns.create_topic(Name="reports")["TopicArn"]
        queue = self.sqs.get_queue_attributes(QueueUrl=self.inbox, AttributeNames=["QueueArn"])
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["Attributes"]["QueueArn"])
        return topic

    def create(self, name: str, definition: str) -> str:
        """Create a state machine; return its ARN."""
        definition = re.sub(r"\$\{(\w+)\}", lambda found: self.substitutions[found[1]], definition)
        machine = boto3.client("stepfunctions").create_state_machine(
            name=name, definition=definition, roleArn="arn:aws:iam::123456789012:role/machine"
        )
        return machine["stateMachineArn"]

    def put(self, key: str, body: bytes) -> str:
        """Upload a photo and return its version."""
        return self.s3.put_object(Bucket=IMAGES, Key=key, Body=body)["VersionId"]

    def run(self, execution_input: Any, name: str = "", machine: str = "") -> Execution:
        """Run one execution to its end, of another state machine if one is given; without a name it has a person's."""
        client = boto3.client("stepfunctions")
        arn = client.start_execution(
            stateMachineArn=machine or self.arn, name=name or str(uuid4()), input=json.dumps(execution_input)
        )["executionArn"]
        end = client.describe_execution(executionArn=arn)
        history = client.get_execution_history(executionArn=arn)["events"]
        return Execution(arn, end["status"], end.get("error"), end.get("cause"), [dict(event) for event in history])

    def audit_records(self) -> list[dict[str, Any]]:
        return self._drain(self.audit)

    def removals(self) -> list[dict[str, Any]]:
        """Return the photos whose labels are to be removed."""
        return self._drain(self.removal)

    def reports(self) -> list[dict[str, Any]]:
        """Return what the topic delivered: SNS's envelopes."""
        return self._drain(self.inbox)

    def _drain(self, queue: str) -> list[dict[str, Any]]:
        bodies = []
        while messages := self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            bodies += [json.loads(message["Body"]) for message in messages]
            for message in messages:
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies


def _functions() -> dict[str, str]:
    """Make a function for each step; its code never runs, so it is empty."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = boto3.client("iam").create_role(RoleName="step", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w"):
        pass
    return {f"{_construct(step)}FunctionArn": _function(step, role, code.getvalue()) for step in STEPS}


def _function(step: str, role: str, code: bytes) -> str:
    answer = boto3.client("lambda").create_function(
        FunctionName=step, Runtime="python3.13", Role=role, Handler="handler.handler", Code={"ZipFile": code}
    )
    return answer["FunctionArn"]


def _construct(step: str) -> str:
    return "".join(word.capitalize() for word in step.split("_"))
