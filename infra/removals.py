"""Removals: the queue of photos whose labels may be out of date, and the function that removes them."""

from typing import NamedTuple

from aws_cdk import RemovalPolicy
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.lambda_function import LambdaFunction
from infra.queue_function import consume
from infra.queues import consumed_queue, dead_letter_queue
from infra.storage import ANY_PHOTO, Storage
from infra.workflow import ANY_EXECUTION, executions
from remove_labels.environment import RemoveLabelsEnvironment


class RemovalQueues(NamedTuple):
    requests: sqs.Queue
    dead_letters: sqs.Queue


def make_removal_queues(scope: Construct, *, removal_policy: RemovalPolicy) -> RemovalQueues:
    """Make the queue for the workflow (photos that it rejects) and for rules (photos that are deleted or restored)."""
    dead_letters = dead_letter_queue(scope, "RemovalDeadLetters", removal_policy=removal_policy)
    return RemovalQueues(
        requests=consumed_queue(scope, "Removals", dead_letters, removal_policy=removal_policy),
        dead_letters=dead_letters,
    )


def remove_labels(
    scope: Construct, *, requests: sqs.Queue, storage: Storage, machine: sfn.StateMachine, audit_trail: sqs.Queue
) -> None:
    """Make the function; it starts an execution for a version that became the newest again or left an archive."""
    environment = RemoveLabelsEnvironment(
        audit_queue_url=audit_trail.queue_url,
        claims_table_name=storage.claims.table_name,
        images_bucket=storage.images.bucket_name,
        state_machine_arn=machine.state_machine_arn,
        table_name=storage.labels.table_name,
    )
    function = LambdaFunction(scope, "RemoveLabels", environment=environment)
    labels = storage.labels.table_arn
    function.allow("dynamodb:Query", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", on=[labels])
    function.allow("dynamodb:GetItem", "dynamodb:PutItem", on=[storage.claims.table_arn])
    # To find the newest version; S3 answers 404 for a deleted photo only with s3:ListBucket.
    function.allow("s3:GetObject", on=[storage.photos], because=ANY_PHOTO)
    function.allow("s3:ListBucket", on=[storage.images.bucket_arn])
    function.allow("states:StartExecution", on=[machine.state_machine_arn])
    function.allow("states:DescribeExecution", on=[executions(scope)], because=ANY_EXECUTION)
    function.allow("sqs:SendMessage", on=[audit_trail.queue_arn])
    consume(function, requests)
