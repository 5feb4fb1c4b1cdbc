"""The audit trail: its queue, and the function that archives its records in the table of labels.

The workflow and the functions send records; a rule sends the status of executions that may have none.
"""

from typing import NamedTuple

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from archive_audit.environment import ArchiveAuditEnvironment
from infra.lambda_function import LambdaFunction
from infra.queue_function import consume
from infra.queues import consumed_queue, dead_letter_queue
from infra.settings import Settings
from infra.storage import Storage

# For at least so long, other programs can read a record from the queue before the archive takes it.
READABLE = Duration.seconds(60)
ARCHIVE_BATCH = 100


class Audit(NamedTuple):
    trail: sqs.Queue
    dead_letters: sqs.Queue


def make_audit(scope: Construct, *, storage: Storage, settings: Settings, removal_policy: RemovalPolicy) -> Audit:
    dead_letters = dead_letter_queue(scope, "AuditDeadLetters", removal_policy=removal_policy)
    trail = consumed_queue(scope, "AuditTrail", dead_letters, removal_policy=removal_policy, window=READABLE)
    environment = ArchiveAuditEnvironment(
        images_bucket=storage.images.bucket_name,
        keep_runs_days=settings.keep_runs_days,
        table_name=storage.labels.table_name,
    )
    function = LambdaFunction(scope, "ArchiveAudit", environment=environment)
    function.allow("dynamodb:PutItem", on=[storage.labels.table_arn])
    consume(function, trail, batch_size=ARCHIVE_BATCH, window=READABLE)
    return Audit(trail, dead_letters)
