"""The EventBridge rules, and what happens to events that they cannot deliver."""

from typing import Any, NamedTuple

from aws_cdk import RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.lambda_function import LambdaFunction, of_this_account
from infra.queue_function import consume
from infra.queues import consumed_queue, dead_letter_queue
from infra.storage import Storage
from keep_undelivered.environment import KeepUndeliveredEnvironment

# SUCCEEDED is not here: each such execution has written a record, which says more.
ENDS = ["FAILED", "TIMED_OUT", "ABORTED"]


class Undelivered(NamedTuple):
    """`intake` is the dead-letter queue of the rules; a function moves its events to `kept`, where a person looks."""

    intake: sqs.Queue
    kept: sqs.Queue


def make_undelivered(
    scope: Construct, *, storage: Storage, audit_trail: sqs.Queue, removal_policy: RemovalPolicy
) -> Undelivered:
    """Make the queues and the function, which also sends an audit record for each event."""
    kept = dead_letter_queue(scope, "UndeliveredEvents", removal_policy=removal_policy)
    intake = consumed_queue(scope, "UndeliveredIntake", kept, removal_policy=removal_policy)
    environment = KeepUndeliveredEnvironment(
        audit_queue_url=audit_trail.queue_url,
        images_bucket=storage.images.bucket_name,
        undelivered_queue_url=kept.queue_url,
    )
    function = LambdaFunction(scope, "KeepUndelivered", environment=environment)
    function.allow("sqs:SendMessage", on=[audit_trail.queue_arn, kept.queue_arn])
    consume(function, intake)
    return Undelivered(intake, kept)


def start_on_upload(
    scope: Construct, *, storage: Storage, machine: sfn.StateMachine, undelivered: sqs.Queue
) -> events.Rule:
    """Start an execution for each new object; the S3 console makes folders as objects whose keys end in `/`.

    A pattern cannot ask for both ends of a key. Under a prefix, folders start executions, which end without a report.
    """
    # The CDK's own role trusts EventBridge for rules of any account.
    role = iam.Role(machine, "EventsRole", assumed_by=of_this_account("events.amazonaws.com"))
    target = targets.SfnStateMachine(machine, dead_letter_queue=undelivered, role=role)
    return _rule(scope, "ImageUploaded", _s3("Object Created", storage, {"anything-but": {"suffix": "/"}}), target)


def remove_on_delete(scope: Construct, *, storage: Storage, removals: sqs.Queue, undelivered: sqs.Queue) -> None:
    """Send a request to `removals` for each object that is deleted, with a delete marker or for good."""
    target = targets.SqsQueue(removals, dead_letter_queue=undelivered)
    _rule(scope, "ImageDeleted", _s3("Object Deleted", storage), target)


def label_on_restore(scope: Construct, *, storage: Storage, removals: sqs.Queue, undelivered: sqs.Queue) -> None:
    """Send each photo that was restored from an archive to `removals`: its function labels it, unless it has labels."""
    target = targets.SqsQueue(removals, dead_letter_queue=undelivered)
    _rule(scope, "ImageRestored", _s3("Object Restore Completed", storage), target)


def record_ends(scope: Construct, *, machine: sfn.StateMachine, audit_trail: sqs.Queue, undelivered: sqs.Queue) -> None:
    """Send the status of each execution that did not succeed to the audit trail: it may have no record."""
    pattern = events.EventPattern(
        source=["aws.states"],
        detail_type=["Step Functions Execution Status Change"],
        detail={"stateMachineArn": [machine.state_machine_arn], "status": ENDS},
    )
    _rule(scope, "ExecutionEnded", pattern, targets.SqsQueue(audit_trail, dead_letter_queue=undelivered))


def _s3(detail_type: str, storage: Storage, keys: dict[str, Any] | None = None) -> events.EventPattern:
    """Match events of one kind about photos: those under the prefix if there is one, else those with such `keys`."""
    key = {"prefix": storage.prefix} if storage.prefix else keys
    return events.EventPattern(
        source=["aws.s3"],
        detail_type=[detail_type],
        detail={"bucket": {"name": [storage.images.bucket_name]}, **({"object": {"key": [key]}} if key else {})},
    )


def _rule(scope: Construct, name: str, pattern: events.EventPattern, target: events.IRuleTarget) -> events.Rule:
    return events.Rule(scope, name, event_pattern=pattern, targets=[target])
