"""A running stack to break on purpose: uploads, switches, and everything that an execution leaves behind."""

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

ENDED_PAGE = 1000
# The seconds after which a queue hands a message over again; a mail takes longer, and would be sent twice.
WORKED_QUEUES = {"AuditQueueUrl": 2, "RemovalQueueUrl": 2, "ReportsQueueUrl": 10}
# The definition's waits, divided by a hundred.
FAST = {"SFN_WAIT_SCALE": "0.01"}
# One mail per photo, as soon as it is reported.
EACH_AT_ONCE = {"digestSeconds": "0"}


class Run(NamedTuple):
    """One execution: its photo, its status and error, the input to restart it with."""

    arn: str
    key: str
    status: str
    error: str
    started_with: str


@dataclass
class Lab:
    engine: Engine
    _ended: dict[str, Run] = field(default_factory=dict)

    @functools.cache  # noqa: B019  # one lab per session
    def client(self, service: str) -> Any:
        return self.engine.session.client(service, endpoint_url=self.engine.endpoint)  # type: ignore[call-overload]  # by name

    def __hash__(self) -> int:
        return id(self)

    @property
    def bucket(self) -> str:
        return self.engine.outputs["ImagesBucketName"]

    def look(self, switch: str) -> dict[str, Any]:
        return self._control("GET", switch)

    @contextmanager
    def switched(self, switch: str, document: dict[str, Any]) -> Iterator[None]:
        """Change a switch for the block; afterwards it is as it was when the stack started."""
        self._control("PUT", switch, document)
        try:
            yield
        finally:
            self._control("DELETE", switch)

    def _control(self, method: str, switch: str, document: Any = None) -> dict[str, Any]:
        answer = signed(self.engine.session, method, f"{self.engine.endpoint}/_local/{switch}", document)
        assert answer.status == 200, answer.data
        return dict(answer.json())

    def upload(self, key: str, body: bytes) -> None:
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)

    def delete(self, key: str) -> None:
        self.client("s3").delete_object(Bucket=self.bucket, Key=key)

    def restart(self, run: Run) -> None:
        machine = self.engine.outputs["StateMachineArn"]
        self.client("stepfunctions").start_execution(stateMachineArn=machine, input=run.started_with)

    def settled(self, executions: int, seconds: float) -> dict[str, list[Run]]:
        """Wait until this many executions have ended and none runs; return them by key."""
        until(lambda: self._all_ended(executions), seconds, f"{executions} executions to end")
        runs: dict[str, list[Run]] = defaultdict(list)
        for run in self._ended.values():
            runs[run.key].append(run)
        return runs

    def _all_ended(self, executions: int) -> bool:
        listed = list(self.listed())
        running = [one for one in listed if one["status"] == "RUNNING"]
        if running or len(listed) < executions:
            return False
        for one in listed:
            arn = one["executionArn"]
            if arn not in self._ended:
                self._ended[arn] = self._run(arn)
        return True

    def listed(self) -> Iterator[dict[str, Any]]:
        pages = self.client("stepfunctions").get_paginator("list_executions")
        for page in pages.paginate(stateMachineArn=self.engine.outputs["StateMachineArn"], maxResults=ENDED_PAGE):
            yield from page["executions"]

    def _run(self, arn: str) -> Run:
        found = self.client("stepfunctions").describe_execution(executionArn=arn)
        return Run(arn, key_of(found["input"]), found["status"], found.get("error", ""), found["input"])

    def history(self, arn: str) -> list[dict[str, Any]]:
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def items(self, key: str) -> dict[str, dict[str, Any]]:
        """Return everything that the table says of a photo, by record, as DynamoDB's typed attributes."""
        answer = self.client("dynamodb").query(
            TableName=self.engine.outputs["LabelsTableName"],
            KeyConditionExpression="image_id = :image",
            ExpressionAttributeValues={":image": {"S": f"{self.bucket}/{key}"}},
            ConsistentRead=True,
        )
        return {item["record"]["S"]: item for item in answer["Items"]}

    def newest(self, key: str) -> str:
        return str(self.client("s3").head_object(Bucket=self.bucket, Key=key)["VersionId"])

    def mails(self) -> list[str]:
        """Return every mail as text, its subject first."""
        maildir = mailbox.Maildir(self.engine.outputs["mail"])
        every = [message_from_bytes(maildir.get_bytes(name), policy=policy.default) for name in maildir.keys()]  # noqa: SIM118  # a Maildir is no dict
        return [f"{mail['Subject']}\n{mail.get_content()}" for mail in every]

    def hurry(self) -> None:
        """Let queues hand over at once, and again after seconds: on AWS that is a minute, and three."""
        for mapping in self._sources():
            self.client("lambda").update_event_source_mapping(UUID=mapping["UUID"], MaximumBatchingWindowInSeconds=0)
        for queue, seconds in WORKED_QUEUES.items():
            url = self.engine.outputs[queue]
            self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})

    @contextmanager
    def gathering_mail(self) -> Iterator[None]:
        """Let reports be mailed together for the block: a burst of them one by one takes minutes."""
        (source,) = [one for one in self._sources() if "ReportsQueue" in one["EventSourceArn"]]
        self.client("lambda").update_event_source_mapping(UUID=source["UUID"], BatchSize=1000)
        try:
            yield
        finally:
            self.client("lambda").update_event_source_mapping(UUID=source["UUID"], BatchSize=source["BatchSize"])

    def _sources(self) -> list[dict[str, Any]]:
        return list(self.client("lambda").list_event_source_mappings()["EventSourceMappings"])

    def worked_off(self, seconds: float) -> None:
        """Wait until every message was worked through, or is a dead letter."""
        until(lambda: not any(self.waiting(queue) for queue in WORKED_QUEUES), seconds, "the queues to be empty")

    def send_back(self) -> int:
        """Do what the runbook says of dead letters, once their cause is mended; return how many there were."""
        stack = Stack(self.engine.session, self.engine.outputs, self.engine.endpoint)
        found = list(dead_letters.listed(stack))
        for letter in found:
            dead_letters.send_back(stack, letter)
        return len(found)

    def waiting(self, queue: str) -> int:
        attributes = self.client("sqs").get_queue_attributes(
            QueueUrl=self.engine.outputs[queue], AttributeNames=["All"]
        )["Attributes"]
        return int(attributes["ApproximateNumberOfMessages"]) + int(attributes["ApproximateNumberOfMessagesNotVisible"])


def key_of(started_with: str) -> str:
    document = json.loads(started_with)
    return str(document["detail"]["object"]["key"] if "detail" in document else document["key"])


def until(ask: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.2)
