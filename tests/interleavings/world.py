"""S3, DynamoDB, SNS and SQS as moto has them, a Rekognition and a Step Functions that are told what to answer."""

import io
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from PIL import Image

from imagelabels_shared.aws import client
from remove_labels.handler import work as remove_labels
from tests.interleavings.process import Process
from tests.interleavings.workflow import label, patiently

BUCKET = "images"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:label-image"
LABELS, CLAIMS = "labels", "claims"
TIME = "2026-11-22T12:00:00Z"


@dataclass
class World:
    """One photo's life: what was done to it, what is on its way, who is at work, and how each execution ended."""

    key: str
    deliveries: list[Callable[[], None]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)

    def upload(self) -> None:
        answer = client("s3").put_object(Bucket=BUCKET, Key=self.key, Body=_photo(len(self.events)))
        self._announce("Object Created", answer["VersionId"])

    def delete(self) -> None:
        answer = client("s3").delete_object(Bucket=BUCKET, Key=self.key)
        # moto makes no delete marker for a key that has no versions any more.
        if "VersionId" in answer:
            self._announce("Object Deleted", answer["VersionId"], "Delete Marker Created")

    def delete_newest_version(self) -> None:
        """Delete the newest version, or the marker, for good; what was below it is the photo again."""
        found = client("s3").list_object_versions(Bucket=BUCKET, Prefix=self.key)
        newest = [one for one in [*found.get("Versions", []), *found.get("DeleteMarkers", [])] if one["IsLatest"]]
        for one in newest:
            client("s3").delete_object(Bucket=BUCKET, Key=self.key, VersionId=one["VersionId"])
            self._announce("Object Deleted", one["VersionId"], "Permanently Deleted")

    def duplicate(self, number: int) -> None:
        self._send(self.events[number % len(self.events)])

    def restart(self) -> None:
        """As a person does, who names no version."""
        self._start(f"person-{uuid.uuid4()}", {"bucket": BUCKET, "key": self.key})

    def deliver(self, number: int) -> None:
        self.deliveries.pop(number % len(self.deliveries))()

    def go_on(self, number: int, until: str = "") -> None:
        """Let one process make its next call, or go on until it is about to make the call `until`."""
        process = self.processes[number % len(self.processes)]
        try:
            process.resume()
            while until not in {"", process.before} and not process.ended:
                process.resume()
        finally:
            if process.ended:
                self.processes.remove(process)

    def _announce(self, kind: str, version: str, deletion: str | None = None) -> None:
        detail = {"bucket": {"name": BUCKET}, "object": {"key": self.key, "version-id": version}}
        event = {"id": str(uuid.uuid4()), "time": TIME, "detail-type": kind, "detail": detail}
        if deletion:
            event["detail"] = {**detail, "deletion-type": deletion, "reason": "DeleteObject"}
        self.events.append(event)
        self._send(event)

    def _send(self, event: dict[str, Any]) -> None:
        if event["detail-type"] == "Object Created":
            self.deliveries.append(lambda: self._start(f"{event['id']}_{uuid.uuid4()}", event))
        else:
            self.deliveries.append(lambda: self._remove(event))

    def _start(self, name: str, started_with: dict[str, Any]) -> None:
        arn = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}"
        self.outcomes[arn] = "RUNNING"

        def work() -> None:
            self.outcomes[arn] = label(arn, started_with)

        self.processes.append(Process(work))

    def _remove(self, message: dict[str, Any]) -> None:
        self.processes.append(Process(lambda: patiently(lambda: remove_labels(message, None))))

    def step_functions(self, model: Any, body: dict[str, Any]) -> dict[str, Any]:
        """Answer RemoveLabels, which asks whether an execution runs, or starts one."""
        if model.name == "DescribeExecution":
            return {"status": "RUNNING" if self.outcomes[body["executionArn"]] == "RUNNING" else "SUCCEEDED"}
        arn = f"{MACHINE.replace(':stateMachine:', ':execution:')}:{body['name']}"
        if arn not in self.outcomes:
            self._start(body["name"], json.loads(body["input"]))
        return {"executionArn": arn}


def labels_of(version: str) -> list[str]:
    """Return what the photo of a version shows: something of its own, and something that all photos show."""
    return [f"Only {version}", "Photo"]


def answering(world: Callable[[], World]) -> Callable[..., Any]:
    """Return a hook for botocore's `before-call` that answers for Rekognition and Step Functions."""

    def hook(model: Any, params: dict[str, Any], **_rest: Any) -> Any:
        service = model.service_model.service_name
        if service == "rekognition":
            version = json.loads(params["body"])["Image"]["S3Object"]["Version"]
            found = [{"Name": name, "Confidence": 90.0} for name in labels_of(version)]
            return _ok(), {"Labels": found, "LabelModelVersion": "told"}
        if service == "stepfunctions":
            return _ok(), world().step_functions(model, json.loads(params["body"]))
        return None

    return hook


def _ok() -> AWSResponse:
    return AWSResponse("https://told", 200, HTTPHeaders(), None)


def _photo(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), (shade % 256, 90, 120)).save(file, "PNG")
    return file.getvalue()


counter = itertools.count()
