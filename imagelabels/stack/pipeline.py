"""What an operator does with the pipeline, on AWS and on a laptop alike: upload, look, run again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.stack.connection import Connection
from imagelabels.stack.history import Place, at_fault, current
from imagelabels_shared.execution_input import locate
from imagelabels_shared.table.records import IMAGE_RECORD, LABEL_PREFIX, RUN_PREFIX
from imagelabels_shared.text import plain_cause
from imagelabels_shared.timestamps import in_one_form

RUNNING = "RUNNING"
RED = ("FAILED", "TIMED_OUT", "ABORTED")


@dataclass(frozen=True)
class Execution:
    """One run of the workflow. `outcome` is RUNNING, LABELLED, REJECTED, SUPERSEDED, FAILED, TIMED_OUT or ABORTED.

    `state` is where a running one is and a red one went wrong, `retries` how often that state was tried again;
    `labels` maps names to percent, surest first; `reason` is a sentence for whatever did not end LABELLED.
    Key, labels and reason are not yet safe to print: `imagelabels.terminal.console` makes them so.
    """

    arn: str
    key: str
    state: str
    retries: int
    outcome: str
    started: datetime
    stopped: datetime | None
    labels: dict[str, float]
    reason: str


class Pipeline:
    """The deployed stack. Every method raises botocore's own errors when AWS refuses."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.bucket = connection.outputs["ImagesBucketName"]
        self.machine = connection.outputs["StateMachineArn"]
        self.s3, self.states = connection.client("s3"), connection.client("stepfunctions")

    def upload(self, file: Path, key: str) -> None:
        self.s3.upload_file(str(file), self.bucket, key)

    def key_of(self, image: str) -> str:
        """Return the key of an image named by its key or by bucket/key."""
        return image.removeprefix(f"{self.bucket}/")

    def arns(self, limit: int | None = None) -> Iterator[str]:
        """Yield the ARNs of executions, the newest first."""
        return (str(one["executionArn"]) for one in self.listed(None, limit))

    def listed(self, status: str | None, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield what ListExecutions says of executions of one status (None: of any), the newest first."""
        wanted = {"statusFilter": status} if status else {}
        pages = self.states.get_paginator("list_executions").paginate(stateMachineArn=self.machine, **wanted)
        return islice((one for page in pages for one in page["executions"]), limit)

    def red(self, limit: int) -> Iterator[str]:
        """Yield the ARNs of the newest executions that did not succeed, the newest first."""
        pages = [self.listed(status, limit) for status in RED]
        every = sorted(chain.from_iterable(pages), key=lambda one: one["startDate"], reverse=True)
        return islice((str(one["executionArn"]) for one in every), limit)

    def execution(self, arn: str) -> Execution:
        """Look at one execution; a running or red one costs one request more, for its state."""
        found = self.states.describe_execution(executionArn=arn)
        output = json.loads(found.get("output") or "{}")
        place = self._place(arn, found["status"])
        return Execution(
            arn=arn,
            key=key_in(found["input"]) or "(no photo)",
            state=place.state,
            retries=place.failed_attempts,
            outcome=outcome_of(found["status"], output),
            started=found["startDate"],
            stopped=found.get("stopDate"),
            labels={label["name"]: label["confidence"] for label in output.get("detection", {}).get("labels", [])},
            reason=_reason(found, output),
        )

    def output(self, arn: str) -> dict[str, Any] | None:
        """Return the output of an execution, None when it has none, or is over 90 days old and forgotten."""
        try:
            output = self.states.describe_execution(executionArn=arn).get("output")
        except self.states.exceptions.ExecutionDoesNotExist:
            return None
        return dict(json.loads(output)) if output else None

    def _place(self, arn: str, status: str) -> Place:
        if status not in {RUNNING, *RED}:
            return Place("", 0)
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn, reverseOrder=True)
        events = (event for page in pages for event in page["events"])
        if status == RUNNING:
            return current(events)
        failed = at_fault(events)
        # The last attempt that failed is not one that was tried again.
        return failed._replace(failed_attempts=max(failed.failed_attempts - 1, 0))

    def records(self, key: str) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Return the table's image item (None when there is none) and the label items, surest first."""
        items = self.connection.table().query(
            KeyConditionExpression="image_id = :image AND #record < :runs",
            ExpressionAttributeNames={"#record": "record"},
            ExpressionAttributeValues={":image": f"{self.bucket}/{key}", ":runs": RUN_PREFIX},
        )["Items"]
        items = [item | {"labelled_at": in_one_form(str(item["labelled_at"]))} for item in items]
        image = next((item for item in items if item["record"] == IMAGE_RECORD), None)
        labels = [item for item in items if item["record"].startswith(LABEL_PREFIX)]
        return image, sorted(labels, key=lambda item: (-item["confidence"], item["label"]))

    def reprocess(self, key: str) -> str:
        """Start an execution with the input of the photo's last labelled one, or with its key; return the ARN."""
        image, _labels = self.records(key)
        again = self._input(image["execution"]) if image else None
        if again is None:
            self._require(key)
            again = json.dumps({"bucket": self.bucket, "key": key})
        return str(self.states.start_execution(stateMachineArn=self.machine, input=again)["executionArn"])

    def _input(self, arn: str) -> str | None:
        """Return an execution's input; None when it is over 90 days old and forgotten."""
        try:
            return str(self.states.describe_execution(executionArn=arn)["input"])
        except self.states.exceptions.ExecutionDoesNotExist:
            return None

    def _require(self, key: str) -> None:
        try:
            self.s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            raise UserError(f"There is no photo {key!r} in {self.bucket}.") from error


def key_in(execution_input: str) -> str | None:
    """Return the key of the photo that an execution is about, None when its input names none."""
    try:
        return locate(json.loads(execution_input))["key"]
    except ValueError:
        return None


def outcome_of(status: str, output: dict[str, Any]) -> str:
    """Return how an execution ended, in the words of the audit trail."""
    if status != "SUCCEEDED":
        return status
    failure = output.get("failure")
    if failure is None:
        return "LABELLED"
    return "SUPERSEDED" if failure["Error"] in {"SupersededError", "DuplicateEventError"} else "REJECTED"


def _reason(found: dict[str, Any], output: dict[str, Any]) -> str:
    failure = output.get("failure", {})
    name, cause = found.get("error") or failure.get("Error", ""), found.get("cause") or failure.get("Cause", "")
    return f"{name}: {plain_cause(cause)}" if name else ""
