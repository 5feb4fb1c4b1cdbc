"""The stack `ImageLabels`: its capabilities, and what connects them."""

import json
from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from infra.audit import make_audit
from infra.intake import label_on_restore, make_undelivered, record_ends, remove_on_delete, start_on_upload
from infra.labelling import make_labelling
from infra.operations import WatchedQueues, make_operations
from infra.removals import make_removal_queues, remove_labels
from infra.reports import make_reports
from infra.settings import Settings
from infra.storage import make_storage


class ImageLabels(Stack):
    """Stage `prod` keeps the data when the stack is deleted, and refuses to be deleted."""

    def __init__(self, scope: Construct, name: str, *, settings: Settings, **options: Any) -> None:
        prod = settings.stage == "prod"
        super().__init__(scope, name, termination_protection=prod, **options)
        removal_policy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if prod else RemovalPolicy.DESTROY

        storage = make_storage(self, removal_policy=removal_policy)
        audit = make_audit(self, storage=storage, settings=settings, removal_policy=removal_policy)
        reports = make_reports(self, storage=storage, settings=settings, removal_policy=removal_policy)
        removals = make_removal_queues(self, removal_policy=removal_policy)
        machine = make_labelling(
            self,
            storage=storage,
            settings=settings,
            reports=reports.topic,
            audit_trail=audit.trail,
            removals=removals.requests,
        )
        remove_labels(self, requests=removals.requests, storage=storage, machine=machine, audit_trail=audit.trail)

        undelivered = make_undelivered(self, storage=storage, audit_trail=audit.trail, removal_policy=removal_policy)
        uploads = start_on_upload(self, bucket=storage.images, machine=machine, undelivered=undelivered.intake)
        remove_on_delete(self, bucket=storage.images, removals=removals.requests, undelivered=undelivered.intake)
        label_on_restore(self, bucket=storage.images, removals=removals.requests, undelivered=undelivered.intake)
        record_ends(self, machine=machine, audit_trail=audit.trail, undelivered=undelivered.intake)

        queues = WatchedQueues(
            audit_trail=audit.trail,
            reports=reports.queue,
            dead_letters=[
                audit.dead_letters,
                reports.dead_letters,
                removals.dead_letters,
                undelivered.kept,
                undelivered.intake,
            ],
        )
        operations = make_operations(
            self,
            email=settings.alarm_email,
            machine=machine,
            uploads=uploads,
            queues=queues,
            custom_labels=bool(settings.custom_labels_model),
        )
        outputs = {
            "ImagesBucketName": storage.images.bucket_name,
            "StateMachineArn": machine.state_machine_arn,
            "LabelsTableName": storage.labels.table_name,
            "ReportsTopicArn": reports.topic.topic_arn,
            "MailTopicArn": reports.mail.topic_arn,
            "ReportsQueueUrl": reports.queue.queue_url,
            "MailDeadLetterQueueUrl": reports.dead_letters.queue_url,
            "AuditQueueUrl": audit.trail.queue_url,
            "AuditDeadLetterQueueUrl": audit.dead_letters.queue_url,
            "UndeliveredEventsQueueUrl": undelivered.kept.queue_url,
            "RemovalQueueUrl": removals.requests.queue_url,
            "RemovalDeadLetterQueueUrl": removals.dead_letters.queue_url,
            "ClaimsTableName": storage.claims.table_name,
            "OperatorsTopicArn": operations.operators.topic_arn,
            "DashboardName": operations.dashboard.dashboard_name,
            # What the next deploy keeps. CloudFormation updates a stack of which only an output changed.
            "Settings": json.dumps(settings.values()),
        }
        for output, value in outputs.items():
            CfnOutput(self, output, value=value)
