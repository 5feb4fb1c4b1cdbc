"""A local stack for fault tests: uploads, switches, waiting, and what the executions wrote."""

import functools
import json
import mailbox
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any, NamedTuple

from imagelabels.local.engine import Engine
from imagelabels.operations import dead_letters
from imagelabels.stack.connection import Stack
from tests.signed import signed

# The largest page of ListExecutions.
PAGE_SIZE = 1000
# How much longer a pause is than the look before it.
LOOKS_APART = 10
# Visibility timeouts in seconds: longer than a function takes on a busy machine, and a mail takes longest.
VISIBILITY_TIMEOUTS = {"AuditQueueUrl": 5, "RemovalQueueUrl": 5, "ReportsQueueUrl": 10}
# The delays of the definition's retries, divided by a hundred.
FAST = {"SFN_WAIT_SCALE": "0.01"}
# One mail per photo, as soon as it is reported.
ONE_MAIL_PER_PHOTO = {"digestSeconds": "0"}


class Execution(NamedTuple):
    """One execution: the key of its photo, its status and error, and its input."""

    arn: str
    key: str
    status: str
    error: str
    input: str


@dataclass
class Harness:
    engine: Engine
    _ended: dict[str, Execution] = field(default_factory=dict)

    @functools.cache  # noqa: B019  # one harness per session
    def client(self, service: str) -> Any:
        return self.engine.session.client(service, endpoint_url=self.engine.endpoint)  # type: ignore[call-overload]  # by name

    def __hash__(self) -> int:
        return id(self)

    @property
    def bucket(self) -> str:
        return self.engine.outputs["ImagesBucketName"]

    def state(self, switch: str) -> dict[str, Any]:
        return self._request("GET", switch)

    @contextmanager
    def switched(self, switch: str, document: dict[str, Any]) -> Iterator[None]:
        """Change a switch for the block, and reset it afterwards."""
        self._request("PUT", switch, document)
        try:
            yield
        finally:
            self._request("DELETE", switch)

    def _request(self, method: str, switch: str, document: Any = None) -> dict[str, Any]:
        answer = signed(self.engine.session, method, f"{self.engine.endpoint}/_local/{switch}", document)
        assert answer.status == 200, answer.data
        return dict(answer.json())

    def upload(self, key: str, body: bytes) -> None:
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def delete(self, key: str) -> None:
        self.client("s3").delete_object(Bucket=self.bucket, Key=key)

    def restart(self, execution: Execution) -> None:
        self.start(execution.input)

    def start(self, document: str) -> str:
        """Start an execution with this input; return its ARN."""
        machine = self.engine.outputs["StateMachineArn"]
        answer = self.client("stepfunctions").start_execution(stateMachineArn=machine, input=document)
        return str(answer["executionArn"])

    @contextmanager
    def without_events(self) -> Iterator[None]:
        """Let uploads of the block start nothing."""
        events = self.client("events")
        machine = self.engine.outputs["StateMachineArn"]
        (rule,) = events.list_rule_names_by_target(TargetArn=machine)["RuleNames"]
        events.disable_rule(Name=rule)
        yield
        events.enable_rule(Name=rule)

    def wait_for_executions(self, executions: int, seconds: float) -> dict[str, list[Execution]]:
        """Wait until this many executions have ended and none runs; return all by key."""
        wait_until(lambda: self._all_ended(executions), seconds, f"{executions} executions to end")
        by_key: dict[str, list[Execution]] = defaultdict(list)
        for execution in self._ended.values():
            by_key[execution.key].append(execution)
        return by_key

    def _all_ended(self, executions: int) -> bool:
        if self.running(at_most=1):
            return False
        listed = list(self.listed())
        if len(listed) < executions:
            return False
        for execution in listed:
            arn = execution["executionArn"]
            if arn not in self._ended:
                self._ended[arn] = self._describe(arn)
        return True

    def running(self, at_most: int = PAGE_SIZE) -> int:
        """Return how many executions run, of `at_most` that are looked at."""
        wanted = {"stateMachineArn": self.engine.outputs["StateMachineArn"], "statusFilter": "RUNNING"}
        return len(self.client("stepfunctions").list_executions(**wanted, maxResults=at_most)["executions"])

    def listed(self) -> Iterator[dict[str, Any]]:
        pages = self.client("stepfunctions").get_paginator("list_executions")
        for page in pages.paginate(stateMachineArn=self.engine.outputs["StateMachineArn"], maxResults=PAGE_SIZE):
            yield from page["executions"]

    def _describe(self, arn: str) -> Execution:
        found = self.client("stepfunctions").describe_execution(executionArn=arn)
        return Execution(arn, key_of(found["input"]), found["status"], found.get("error", ""), found["input"])

    def history(self, arn: str) -> list[dict[str, Any]]:
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def items(self, key: str) -> dict[str, dict[str, Any]]:
        """Return the items of a photo by record, with DynamoDB's typed attributes."""
        answer = self.client("dynamodb").query(
            TableName=self.engine.outputs["LabelsTableName"],
            KeyConditionExpression="image_id = :image",
            ExpressionAttributeValues={":image": {"S": f"{self.bucket}/{key}"}},
            ConsistentRead=True,
        )
        return {item["record"]["S"]: item for item in answer["Items"]}

    def newest_version(self, key: str) -> str:
        return str(self.client("s3").head_object(Bucket=self.bucket, Key=key)["VersionId"])

    def mails(self) -> list[str]:
        """Return every mail as text, its subject first."""
        maildir = mailbox.Maildir(self.engine.outputs["mail"])
        messages = [message_from_bytes(maildir.get_bytes(name), policy=policy.default) for name in maildir.keys()]  # noqa: SIM118  # a Maildir is not a dict
        return [f"{mail['Subject']}\n{mail.get_content()}" for mail in messages]

    def shorten_queue_waits(self) -> None:
        """Deliver without a batching window, and again after seconds; the deployed values are a minute and three."""
        for mapping in self._mappings():
            self.client("lambda").update_event_source_mapping(UUID=mapping["UUID"], MaximumBatchingWindowInSeconds=0)
        for queue, seconds in VISIBILITY_TIMEOUTS.items():
            url = self.engine.outputs[queue]
            self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    def deliver_alone(self) -> None:
        """Give each message an invocation of its own, and so much time that it may run into a time limit twice."""
        for mapping in self._mappings():
            self.client("lambda").update_event_source_mapping(UUID=mapping["UUID"], BatchSize=1)
        for queue, seconds in VISIBILITY_TIMEOUTS.items():
            attributes = {"VisibilityTimeout": str(6 * seconds)}
            self.client("sqs").set_queue_attributes(QueueUrl=self.engine.outputs[queue], Attributes=attributes)

    @contextmanager
    def mail_in_batches(self) -> Iterator[None]:
        """Let one mail have many reports for the block: many mails take minutes."""
        (reports,) = [mapping for mapping in self._mappings() if "ReportsQueue" in mapping["EventSourceArn"]]
        self.client("lambda").update_event_source_mapping(UUID=reports["UUID"], BatchSize=1000)
        try:
            yield
        finally:
            self.client("lambda").update_event_source_mapping(UUID=reports["UUID"], BatchSize=reports["BatchSize"])

    def _mappings(self) -> list[dict[str, Any]]:
        return list(self.client("lambda").list_event_source_mappings()["EventSourceMappings"])

    def wait_for_queues(self, seconds: float) -> None:
        """Wait until every message was processed or is a dead letter."""
        wait_until(
            lambda: not any(self.messages(queue) for queue in VISIBILITY_TIMEOUTS), seconds, "the queues to be empty"
        )

    def send_dead_letters_back(self) -> set[str]:
        """Send all dead letters back, as the runbook says; return the keys of the photos that they are about."""
        stack = Stack(self.engine.session, self.engine.outputs, self.engine.endpoint)
        letters = list(dead_letters.listed(stack))
        for letter in letters:
            dead_letters.send_back(stack, letter)
        return {letter.about.removeprefix(f"{self.bucket}/") for letter in letters}

    def messages(self, queue: str) -> int:
        """Return how many messages a queue has, visible or not."""
        attributes = self.client("sqs").get_queue_attributes(
            QueueUrl=self.engine.outputs[queue], AttributeNames=["All"]
        )["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"]) + int(attributes["ApproximateNumberOfMessagesNotVisible"])


def key_of(input_text: str) -> str:
    """Return the key in an execution's input: an S3 event, or bucket and key."""
    document = json.loads(input_text)
    return str(document["detail"]["object"]["key"] if "detail" in document else document["key"])


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    begin = look = time.monotonic()
    while not condition():
        assert time.monotonic() < begin + seconds, f"waited {seconds} s for {what}"
        # Looking at thousands of executions would slow down what is looked at.
        time.sleep(max(0.2, LOOKS_APART * (time.monotonic() - look)))
        look = time.monotonic()
