"""The stack's resources as the functions use them, created on moto: buckets, tables, queues and the state machine."""

import functools
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import boto3

from imagelabels_shared.aws import client
from imagelabels_shared.observability import logger, metrics
from imagelabels_shared.table.labels import dynamodb
from imagelabels_shared.table.records import LABEL_INDEX

IMAGES, WORK, LABELS, CLAIMS = "images", "work", "labels", "claims"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:label-image"
# By the name of the stack's output that has the queue's URL.
QUEUES = (
    "AuditQueueUrl",
    "AuditDeadLetterQueueUrl",
    "MailDeadLetterQueueUrl",
    "ReportsQueueUrl",
    "RemovalQueueUrl",
    "RemovalDeadLetterQueueUrl",
    "UndeliveredEventsQueueUrl",
)
# The environment of the functions, whether or not the resources exist.
SETTINGS = {
    "BACKFILL_SHARE": "0.8",
    "CLAIMS_TABLE_NAME": CLAIMS,
    "IMAGES_BUCKET": IMAGES,
    "KEEP_RUNS_DAYS": "365",
    "LABEL_CONFIDENCE": "{}",
    "LABEL_FILTERS": "{}",
    "MAX_LABELS": "20",
    "MIN_CONFIDENCE": "70",
    "POWERTOOLS_METRICS_NAMESPACE": "ImageLabels",
    "REKOGNITION_PER_SECOND": "1000",
    "STATE_MACHINE_ARN": MACHINE,
    "TABLE_NAME": LABELS,
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:reports",
    "WORK_BUCKET": WORK,
}
# moto does not run it.
DEFINITION = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}


# Making a client takes longer than what is asked of it here; moto answers those of earlier tests, too.
@functools.cache
def _client(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]  # by name


@functools.cache
def _dynamodb() -> Any:
    return boto3.resource("dynamodb")


def create() -> dict[str, str]:
    """Create all resources; return the queues' URLs by output name."""
    create_buckets()
    create_tables()
    _client("sns").create_topic(Name="reports")
    _client("stepfunctions").create_state_machine(
        name="label-image", definition=json.dumps(DEFINITION), roleArn="arn:aws:iam::123456789012:role/machine"
    )
    sqs = _client("sqs")
    return {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}


def environment(queues: dict[str, str]) -> dict[str, str]:
    """Return the environment of the functions that use these queues."""
    return SETTINGS | {
        "AUDIT_QUEUE_URL": queues["AuditQueueUrl"],
        "UNDELIVERED_QUEUE_URL": queues["UndeliveredEventsQueueUrl"],
    }


def create_buckets() -> None:
    """Create the versioned images bucket and the work bucket."""
    s3 = _client("s3")
    for bucket in (IMAGES, WORK):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=IMAGES, VersioningConfiguration={"Status": "Enabled"})


def create_tables() -> Any:
    """Create the claims table and the labels table; return the labels table."""
    _table(CLAIMS, id="HASH")
    return _table(LABELS, image_id="HASH", record="RANGE")


def _table(table_name: str, **keys: str) -> Any:
    schema: Any = [{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()]
    return _dynamodb().create_table(
        TableName=table_name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
        KeySchema=schema,
    )


def create_labels_table_with_index() -> Any:
    """Create the labels table with the index that finds photos by label; return it."""
    kinds = {"image_id": "S", "record": "S", "label": "S", "confidence": "N"}
    index: Any = {
        "IndexName": LABEL_INDEX,
        "KeySchema": [
            {"AttributeName": "label", "KeyType": "HASH"},
            {"AttributeName": "confidence", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    attributes: Any = [{"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items()]
    return _dynamodb().create_table(
        TableName=LABELS,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=attributes,
        KeySchema=[
            {"AttributeName": "image_id", "KeyType": "HASH"},
            {"AttributeName": "record", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[index],
    )


def topic_with_inbox(name: str) -> tuple[str, Callable[[], list[dict[str, Any]]]]:
    """Create a topic with a queue as its subscriber; return its ARN, and what reads the envelopes that arrived."""
    sns, sqs = _client("sns"), _client("sqs")
    topic = sns.create_topic(Name=name)["TopicArn"]
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read() -> list[dict[str, Any]]:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    return topic, read


def forget_clients() -> None:
    """Make the functions create their clients and loggers again, in the session that is now the default."""
    for cached in (client, dynamodb, logger, metrics):
        cached.cache_clear()


def execution(name: str) -> str:
    """Return the ARN of an execution."""
    return f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}"


def by_eventbridge(event: dict[str, Any]) -> str:
    """Return the ARN of an execution that EventBridge starts for an event."""
    return execution(f"{event['id']}_{uuid4()}")


def s3_event(kind: str, key: str, version: str | None = None, reason: str = "DeleteObject") -> dict[str, Any]:
    """Return an S3 event as EventBridge delivers it."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": kind,
        "source": "aws.s3",
        "time": "2026-11-22T10:00:00Z",
        "detail": {
            "bucket": {"name": IMAGES},
            "object": {"key": key, **({"version-id": version} if version else {})},
            "reason": reason,
        },
    }
