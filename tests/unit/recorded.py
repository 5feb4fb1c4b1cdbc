"""Step Functions' answers about executions, as they are recorded on AWS: moto decides times and statuses by itself."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from imagelabels.stack.connection import Stack
from tests.resources import IMAGES, LABELS, MACHINE, execution

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Entries of one page of ListExecutions: few, so that every list has several pages.
PAGE = 2


@dataclass
class Recorded:
    """The executions of a state machine, by ARN; ListExecutions gives the newest first, a page at a time."""

    executions: dict[str, dict[str, Any]] = field(default_factory=dict)
    histories: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, name: str, status: str, minute: int, key: str = "cat.jpg", **more: Any) -> str:
        """Add an execution that started at a minute after noon and ran for 30 seconds; return its ARN."""
        arn, bucket = execution(name), more.pop("bucket", IMAGES)
        started = NOON + timedelta(minutes=minute)
        ended = {} if status == "RUNNING" else {"stopDate": started + timedelta(seconds=30)}
        typed = json.dumps({"bucket": bucket, "key": key})
        self.executions[arn] = {"executionArn": arn, "status": status, "startDate": started, "input": typed}
        self.executions[arn] |= ended | more
        return arn

    def stack(self) -> Stack:
        """Return a stack whose Step Functions gives these answers; all else is moto's."""
        outputs = {"ImagesBucketName": IMAGES, "LabelsTableName": LABELS, "StateMachineArn": MACHINE}
        stack = Stack(boto3.DEFAULT_SESSION or boto3.Session(), outputs)
        stack.client("stepfunctions").meta.events.register("before-call.sfn", self._answer)
        return stack

    def _answer(self, model: Any, params: dict[str, Any], **_more: Any) -> tuple[AWSResponse, dict[str, Any]]:
        asked = json.loads(params["body"])
        answers: dict[str, Any] = {
            "ListExecutions": self._listed,
            "DescribeExecution": lambda asked: self.executions[asked["executionArn"]],
            "GetExecutionHistory": lambda asked: {"events": self.histories.get(asked["executionArn"], [])},
        }
        return AWSResponse("https://recorded", 200, HTTPHeaders(), None), answers[model.name](asked)

    def _listed(self, asked: dict[str, Any]) -> dict[str, Any]:
        wanted = asked.get("statusFilter")
        found = [one for one in self.executions.values() if wanted in {None, one["status"]}]
        found.sort(key=lambda one: one["startDate"], reverse=True)
        first = int(asked.get("nextToken", 0))
        more = {"nextToken": str(first + PAGE)} if first + PAGE < len(found) else {}
        return {"executions": found[first : first + PAGE], **more}


def rejection(error: str) -> str:
    """Return the output of an execution that ended as a rejection, or as superseded."""
    return json.dumps({"failure": {"Error": error, "Cause": "because"}})


def answered(stack: Stack, service: str, service_id: str, **answers: Any) -> list[tuple[str, dict[str, Any]]]:
    """Answer these operations of a service; return a list that gets each operation asked for, with its parameters.

    An answer may be a function of the parameters.
    """
    asked: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_more: Any) -> None:
        asked.append((model.name, params))

    def answer(model: Any, **_more: Any) -> tuple[AWSResponse, Any] | None:
        if model.name not in answers:
            return None
        found = answers[model.name]
        said = found(asked[-1][1]) if callable(found) else found
        return AWSResponse("https://recorded", 200, HTTPHeaders(), None), said

    events = stack.client(service).meta.events
    events.register(f"provide-client-params.{service_id}", note)
    events.register(f"before-call.{service_id}", answer)
    return asked
