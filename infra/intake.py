"""From a new object in the images bucket to an execution of the workflow."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.lambda_function import of_this_account


def start_on_upload(
    scope: Construct, *, bucket: s3.Bucket, machine: sfn.StateMachine, undelivered: sqs.Queue
) -> events.Rule:
    """Start an execution for every new object but folders made in the S3 console, whose keys end in `/`."""
    pattern = events.EventPattern(
        source=["aws.s3"],
        detail_type=["Object Created"],
        detail={
            "bucket": {"name": [bucket.bucket_name]},
            "object": {"key": [{"anything-but": {"suffix": "/"}}]},
        },
    )
    # The CDK would make the same role, for rules of any account.
    role = iam.Role(machine, "EventsRole", assumed_by=of_this_account("events.amazonaws.com"))
    target = targets.SfnStateMachine(machine, dead_letter_queue=undelivered, role=role)
    return events.Rule(scope, "ImageUploaded", event_pattern=pattern, targets=[target])
