"""The resources of one test, and the functions as AWS calls them."""

import json
from typing import Any

import boto3

from archive_audit.handler import handler as archive_audit
from imagelabels.stack.connection import Stack
from keep_undelivered.handler import handler as keep_undelivered
from persist_labels.handler import handler as persist_labels
from remove_labels.handler import handler as remove_labels
from tests.lambda_context import Context
from tests.resources import CLAIMS, IMAGES, LABELS, MACHINE, create, environment, execution
from validate_image.handler import handler as validate_image

# When a message of `batch` was sent: 2026-11-22T17:04:05.123Z.
SENT_MS = 1_795_367_045_123
RUNS = "RUN#"


class World:
    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self.queues = create()
        self.settings = environment(self.queues)
        self.s3, self.sqs, self.states = boto3.client("s3"), boto3.client("sqs"), boto3.client("stepfunctions")
        tables: Any = boto3.resource("dynamodb")
        self.labels, self.claims = tables.Table(LABELS), tables.Table(CLAIMS)

    @property
    def stack(self) -> Stack:
        outputs = {"ImagesBucketName": IMAGES, "LabelsTableName": LABELS, "StateMachineArn": MACHINE}
        return Stack(self._session, outputs | self.queues)

    def upload(self, key: str, body: bytes = b"photo") -> str:
        """Put an object; return its version."""
        return self.s3.put_object(Bucket=IMAGES, Key=key, Body=body)["VersionId"]

    def delete(self, key: str, version: str | None = None) -> None:
        chosen = {"VersionId": version} if version else {}
        self.s3.delete_object(Bucket=IMAGES, Key=key, **chosen)  # type: ignore[arg-type]  # the stub wants literals

    def validate(self, event: dict[str, Any], arn: str) -> dict[str, Any]:
        return validate_image({"execution": arn, "input": event}, Context())

    def persist(self, key: str, version: str, *names: str, arn: str = execution("one")) -> None:
        """Persist labels of a version, as PersistLabels does."""
        labels = [{"name": n, "confidence": 99.5, "parents": [], "categories": [], "instances": 1} for n in names]
        image = {"bucket": IMAGES, "key": key, "versionId": version, "etag": "e", "size": 5}
        image |= {"format": "JPEG", "width": 100, "height": 100}
        found = {"labels": labels, "modelVersion": "3.0", "detectedAt": "2026-11-22T10:00:00.000+00:00"}
        persist_labels({"image": image, "detection": found, "execution": arn}, Context())

    def remove(self, *messages: dict[str, Any]) -> list[str]:
        """Handle messages of the removal queue; return the positions of those that failed."""
        return _failed(remove_labels(batch(*messages), Context()))

    def archive(self, *messages: dict[str, Any] | str) -> list[str]:
        return _failed(archive_audit(batch(*messages), Context()))

    def keep_undelivered(self, event: dict[str, Any], **attributes: str) -> list[str]:
        """Handle an event that EventBridge could not deliver; `attributes` are its message attributes."""
        message = batch(event)
        said = {name: {"dataType": "String", "stringValue": value} for name, value in attributes.items()}
        message["Records"][0]["messageAttributes"] = said
        return _failed(keep_undelivered(message, Context()))

    def shown(self, key: str) -> list[str]:
        """Return the records of a photo without its runs."""
        return [item["record"] for item in self._items(f"{IMAGES}/{key}") if not item["record"].startswith(RUNS)]

    def runs(self, photo: str) -> list[dict[str, Any]]:
        return [item for item in self._items(photo) if item["record"].startswith(RUNS)]

    def _items(self, photo: str) -> list[dict[str, Any]]:
        found = self.labels.query(
            KeyConditionExpression="image_id = :photo", ExpressionAttributeValues={":photo": photo}
        )
        return list(found["Items"])

    def started(self) -> dict[str, Any]:
        """Return the inputs of the executions that were started, by name."""
        found = self.states.list_executions(stateMachineArn=MACHINE)["executions"]
        return {
            run["name"]: json.loads(self.states.describe_execution(executionArn=run["executionArn"])["input"])
            for run in found
        }

    def told(self, queue: str = "AuditQueueUrl") -> list[dict[str, Any]]:
        """Return the messages that wait in a queue."""
        answer = self.sqs.receive_message(QueueUrl=self.queues[queue], MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def batch(*messages: Any) -> dict[str, Any]:
    """Return an SQS event whose message ids are their positions; a message that is text goes as it is."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(SENT_MS)}
    return {
        "Records": [
            {
                "messageId": str(position),
                "receiptHandle": "handle",
                "body": message if isinstance(message, str) else json.dumps(message),
                "attributes": attributes,
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
                "awsRegion": "us-east-1",
            }
            for position, message in enumerate(messages)
        ]
    }


def _failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
