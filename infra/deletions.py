"""From an object that is deleted in the images bucket to its labels removed from the table."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct


def remove_on_delete(scope: Construct, *, bucket: s3.Bucket, removals: sqs.Queue, undelivered: sqs.Queue) -> None:
    """Ask for a removal when an object is deleted, by a delete marker or for good."""
    pattern = events.EventPattern(
        source=["aws.s3"],
        detail_type=["Object Deleted"],
        detail={"bucket": {"name": [bucket.bucket_name]}},
    )
    target = targets.SqsQueue(removals, dead_letter_queue=undelivered)
    events.Rule(scope, "ImageDeleted", event_pattern=pattern, targets=[target])
