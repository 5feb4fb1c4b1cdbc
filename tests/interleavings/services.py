"""What must be there before an interleaving starts."""

from typing import Literal

import boto3

from imagelabels_shared import aws
from imagelabels_shared.table import labels
from tests.interleavings.world import BUCKET, CLAIMS, LABELS, MACHINE

REGION = "us-east-1"


def settings() -> dict[str, str]:
    """Make the buckets, tables, topic and queue; return the functions' environment."""
    s3 = boto3.client("s3")
    for bucket in (BUCKET, "work"):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    _table(LABELS, "image_id", "record")
    _table(CLAIMS, "id")
    return {
        "AUDIT_QUEUE_URL": boto3.client("sqs").create_queue(QueueName="audit")["QueueUrl"],
        "CLAIMS_TABLE_NAME": CLAIMS,
        "IMAGES_BUCKET": BUCKET,
        "MAX_LABELS": "20",
        "MIN_CONFIDENCE": "70",
        "POWERTOOLS_METRICS_NAMESPACE": "ImageLabels",
        "POWERTOOLS_SERVICE_NAME": "interleavings",
        "STATE_MACHINE_ARN": MACHINE,
        "TABLE_NAME": LABELS,
        "TOPIC_ARN": boto3.client("sns").create_topic(Name="reports")["TopicArn"],
        "WORK_BUCKET": "work",
    }


def _table(name: str, *keys: str) -> None:
    kinds: list[Literal["HASH", "RANGE"]] = ["HASH", "RANGE"]
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, kinds, strict=False)],
    )


def forget_clients() -> None:
    """Let the functions make their clients anew, in the session that is now the default."""
    aws.client.cache_clear()
    labels.dynamodb.cache_clear()
