"""What happens to one photo on moto; Rekognition and Step Functions answer as the scenario says."""

import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from PIL import Image

from imagelabels_shared.aws import client
from remove_labels.handler import work as remove_labels
from tests.interleavings.process import Process
from tests.interleavings.workflow import label, patiently
from tests.resources import IMAGES, by_eventbridge, execution, s3_event


@dataclass
class Scenario:
    """One photo: events of its changes, deliveries that wait, running processes, and the outcome of each execution."""

    key: str
    deliveries: list[Callable[[], None]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)

    def upload(self) -> None:
        answer = client("s3").put_object(Bucket=IMAGES, Key=self.key, Body=_photo(len(self.events)))
        self._emit(s3_event("Object Created", self.key, answer["VersionId"]))

    def delete(self) -> None:
        answer = client("s3").delete_object(Bucket=IMAGES, Key=self.key)
        # moto makes no delete marker for a key that has no versions any more.
        if "VersionId" in answer:
            self._emit(s3_event("Object Deleted", self.key, answer["VersionId"]))

    def delete_newest_version(self) -> None:
        """Delete the newest version, or the delete marker; the version below it becomes the photo again."""
        found = client("s3").list_object_versions(Bucket=IMAGES, Prefix=self.key)
        for version in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
            if not version["IsLatest"]:
                continue
            client("s3").delete_object(Bucket=IMAGES, Key=self.key, VersionId=version["VersionId"])
            self._emit(s3_event("Object Deleted", self.key, version["VersionId"]))

    def duplicate(self, number: int) -> None:
        self._send(self.events[number % len(self.events)])

    def restart(self) -> None:
        """Start an execution as a person does, without a version."""
        self._start(execution(f"person-{uuid4()}"), {"bucket": IMAGES, "key": self.key})

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

    def _emit(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        self._send(event)

    def _send(self, event: dict[str, Any]) -> None:
        if event["detail-type"] == "Object Created":
            self.deliveries.append(lambda: self._start(by_eventbridge(event), event))
        else:
            self.deliveries.append(lambda: self._remove(event))

    def _start(self, arn: str, started_with: dict[str, Any]) -> None:
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
        arn = execution(body["name"])
        if arn not in self.outcomes:
            self._start(arn, json.loads(body["input"]))
        return {"executionArn": arn}


def labels_of(version: str) -> list[str]:
    """Return the labels of a version: one of its own, and one that all versions have."""
    return [f"Only {version}", "Photo"]


def answering(scenario: Callable[[], Scenario]) -> Callable[..., Any]:
    """Return a hook for botocore's `before-call` that answers for Rekognition and Step Functions."""

    def hook(model: Any, params: dict[str, Any], **_rest: Any) -> Any:
        service = model.service_model.service_name
        if service == "rekognition":
            version = json.loads(params["body"])["Image"]["S3Object"]["Version"]
            found = [{"Name": name, "Confidence": 90.0} for name in labels_of(version)]
            return _ok(), {"Labels": found, "LabelModelVersion": "told"}
        if service == "stepfunctions":
            return _ok(), scenario().step_functions(model, json.loads(params["body"]))
        return None

    return hook


def _ok() -> AWSResponse:
    return AWSResponse("https://told", 200, HTTPHeaders(), None)


def _photo(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (80, 80), (shade % 256, 90, 120)).save(file, "PNG")
    return file.getvalue()


counter = itertools.count()
