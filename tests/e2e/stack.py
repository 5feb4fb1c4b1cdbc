"""The deployed stack as its user sees it: AWS's APIs at the printed endpoint, and the Maildir."""

import functools
import json
import mailbox
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, TypeVar, cast

import boto3

from imagelabels.local.session import VARIABLES
from imagelabels.stack import connection
from imagelabels.stack.follow import unsent_reports

DEADLINE_SECONDS = 60
Found = TypeVar("Found")


def eventually(ask: Callable[[], Found | None], seconds: float = DEADLINE_SECONDS) -> Found:
    """Ask until there is an answer; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (found := ask()) is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no answer within {seconds} s")


@functools.cache
def _session(key: str, secret: str, region: str) -> boto3.Session:
    """One session holds the parsed service models, which take long to read."""
    return boto3.Session(key, secret, region_name=region)


@functools.cache
def _client(session: boto3.Session, service: str, endpoint: str, **credentials: str) -> Any:
    return session.client(service, endpoint_url=endpoint, **credentials)  # type: ignore[call-overload]  # by name


@dataclass(frozen=True)
class Stack:
    """`outputs` as in .local/outputs.json."""

    outputs: dict[str, str]

    def client(self, service: str, **credentials: str) -> Any:
        """Return the account's client, or that of somebody with these `credentials`, by boto3's names."""
        return _client(self.session, service, self.outputs["endpoint"], **credentials)

    @property
    def session(self) -> boto3.Session:
        """The account's own session."""
        return _session(self.outputs["accessKeyId"], self.outputs["secretAccessKey"], self.outputs["region"])

    @functools.cached_property
    def as_operator(self) -> connection.Stack:
        """The stack as the command line sees it."""
        return connection.Stack(self.session, self.outputs, self.outputs["endpoint"])

    @property
    def variables(self) -> dict[str, str]:
        """What a shell needs to use the account, as `make run` prints it."""
        keys = {name: self.outputs[field] for name, field in VARIABLES.items()}
        return keys | {"AWS_ENDPOINT_URL": self.outputs["endpoint"]}

    @property
    def bucket(self) -> str:
        return self.outputs["ImagesBucketName"]

    def upload(self, key: str, body: bytes, **more: str) -> dict[str, Any]:
        """Put an object and wait for its execution to end; return DescribeExecution's answer."""
        before = set(self.executions())
        self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body, **more)
        return self.ended(eventually(lambda: self._new(before, key)))

    def start(self, document: dict[str, Any]) -> dict[str, Any]:
        """Start an execution as a person does, and wait for its end."""
        arn = self.client("stepfunctions").start_execution(
            stateMachineArn=self.outputs["StateMachineArn"], input=json.dumps(document)
        )["executionArn"]
        return self.ended(arn)

    def executions(self) -> list[str]:
        pages = self.client("stepfunctions").get_paginator("list_executions")
        found = pages.paginate(stateMachineArn=self.outputs["StateMachineArn"])
        return [execution["executionArn"] for page in found for execution in page["executions"]]

    def of_status(self, status: str) -> list[str]:
        """Return the names of the executions of a status, at most a thousand."""
        found = self.client("stepfunctions").list_executions(
            stateMachineArn=self.outputs["StateMachineArn"], statusFilter=status, maxResults=1000
        )
        return [execution["name"] for execution in found["executions"]]

    def _new(self, before: set[str], key: str) -> str | None:
        for arn in set(self.executions()) - before:
            started = json.loads(self.describe(arn)["input"])
            if started.get("detail", {}).get("object", {}).get("key") == key:
                return arn
        return None

    def describe(self, arn: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.client("stepfunctions").describe_execution(executionArn=arn))

    def ended(self, arn: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = self.describe(arn)
            return found if found["status"] != "RUNNING" else None

        return eventually(look)

    def history(self, arn: str) -> list[dict[str, Any]]:
        pages = self.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
        return [event for page in pages for event in page["events"]]

    def states(self, arn: str) -> list[str]:
        """Return the names of the states that an execution entered, in order."""
        entered = [event.get("stateEnteredEventDetails") for event in self.history(arn)]
        return [details["name"] for details in entered if details]

    def items(self, key: str) -> dict[str, dict[str, Any]]:
        """Return the photo's items by record, as DynamoDB's typed attributes."""
        answer = self.client("dynamodb").query(
            TableName=self.outputs["LabelsTableName"],
            KeyConditionExpression="image_id = :image",
            ExpressionAttributeValues={":image": {"S": f"{self.bucket}/{key}"}},
        )
        return {item["record"]["S"]: item for item in answer["Items"]}

    def mails(self, words: str) -> list[EmailMessage]:
        """Return the mails about an execution (its ARN) or with other words, once no report waits to be mailed."""
        self.wait_for_mail()
        return [one for one in self.inbox() if words in (one["X-Image-Labels-Execution"] or one.get_content())]

    def wait_for_mail(self, seconds: float = DEADLINE_SECONDS) -> None:
        eventually(self._all_mailed, seconds)

    def _all_mailed(self) -> bool | None:
        return None if unsent_reports(self.as_operator) else True

    def inbox(self) -> list[EmailMessage]:
        """Return every mail that has come."""
        maildir = mailbox.Maildir(self.outputs["mail"])
        names = maildir.keys()  # not a dict's: iterating a Maildir gives its messages
        return [message_from_bytes(maildir.get_bytes(name), policy=policy.default) for name in names]

    def audit(self, arn: str) -> dict[str, Any]:
        """Return the one audit record of an execution; messages of others stay in the queue."""
        return eventually(lambda: self._receive(arn))

    def _receive(self, arn: str) -> dict[str, Any] | None:
        sqs, queue = self.client("sqs"), self.outputs["AuditQueueUrl"]
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        records = [cast("dict[str, Any]", json.loads(message["Body"])) for message in answer.get("Messages", [])]
        for message, record in zip(answer.get("Messages", []), records, strict=True):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            if record.get("execution") != arn:
                # Sent again as new: each receive counts as a delivery, and too many make it a dead letter.
                sqs.send_message(QueueUrl=queue, MessageBody=message["Body"])
        return next((record for record in records if record.get("execution") == arn), None)
