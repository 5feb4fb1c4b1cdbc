"""The stack `ImageLabels`: what there is, how it is wired, and who may do what."""

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from constructs import Construct

from infra.alarms import Alarms
from infra.dashboard import dashboard
from infra.intake import start_on_upload
from infra.layers import wheel_layer
from infra.messaging import audit_trail, dead_letter_queue, reports_topic
from infra.operators import operators_topic
from infra.settings import Settings
from infra.step_function import StepFunction
from infra.storage import images_bucket, labels_table, work_bucket
from infra.workflow import label_image

ANY_PHOTO = "People choose the keys of their photos, so it must be any object of this one bucket."


class ImageLabels(Stack):
    def __init__(self, scope: Construct, name: str, *, settings: Settings, **options: Any) -> None:
        prod = settings.stage == "prod"
        super().__init__(scope, name, termination_protection=prod, **options)
        self.settings = settings
        keep = RemovalPolicy.RETAIN if prod else RemovalPolicy.DESTROY
        self.images = images_bucket(self, removal_policy=keep)
        self.work = work_bucket(self)
        self.table = labels_table(self, removal_policy=keep)
        self.reports = reports_topic(self, email=settings.report_email)
        self.audit_dead_letters = dead_letter_queue(self, "AuditDeadLetters", removal_policy=keep)
        self.audit_trail = audit_trail(self, self.audit_dead_letters, removal_policy=keep)
        self.undelivered = dead_letter_queue(self, "UndeliveredEvents", removal_policy=keep)
        self.powertools = wheel_layer(self, "PowertoolsLayer", "powertools")
        self.imaging = wheel_layer(self, "ImagingLayer", "imaging")
        self.steps = [
            self.validate_image(),
            self.detect_labels(),
            self.persist_labels(),
            self.publish_report(),
        ]
        self.machine = label_image(self, steps=self.steps, audit_trail=self.audit_trail)
        self.rule = start_on_upload(self, bucket=self.images, machine=self.machine, undelivered=self.undelivered)
        self.watch()
        self.outputs()

    def watch(self) -> None:
        self.operators = operators_topic(self, email=self.settings.operators_email or self.settings.report_email)
        dead_letters = [self.audit_dead_letters, self.undelivered]
        alarms = Alarms(self, "Alarms", operators=self.operators)
        alarms.on_executions(self.machine)
        alarms.on_dead_letters(*dead_letters)
        alarms.on_audit_age(self.audit_trail)
        alarms.on_lost_events(self.rule)
        alarms.on_throttling()
        alarms.on_silence(self.rule, self.machine)
        queues = [self.audit_trail, *dead_letters]
        self.dashboard = dashboard(self, "Dashboard", machine=self.machine, rule=self.rule, queues=queues)

    def validate_image(self) -> StepFunction:
        step = StepFunction(self, "ValidateImage", layers=[self.powertools, self.imaging], environment={})
        photos = self.images.arn_for_objects("*")
        step.allow("s3:GetObject", "s3:GetObjectVersion", on=[photos], because=ANY_PHOTO)
        # Without it S3 answers 403 for a key that does not exist, and the photo's owner would hear nothing.
        step.allow("s3:ListBucket", on=[self.images.bucket_arn])
        return step

    def detect_labels(self) -> StepFunction:
        environment = {
            "MAX_LABELS": str(self.settings.max_labels),
            "MIN_CONFIDENCE": str(self.settings.min_confidence),
            "WORK_BUCKET": self.work.bucket_name,
        }
        step = StepFunction(self, "DetectLabels", layers=[self.powertools], environment=environment)
        here = {"StringEquals": {"aws:RequestedRegion": self.region}}
        no_resource = "DetectLabels has no resource that could be named; the condition keeps it to this Region."
        step.allow("rekognition:DetectLabels", on=["*"], where=here, because=no_resource)
        # Rekognition reads the photo with this role, and always the pinned version.
        photos = self.images.arn_for_objects("*")
        step.allow("s3:GetObjectVersion", on=[photos], because=ANY_PHOTO)
        answers = self.work.arn_for_objects("detections/*")
        step.allow("s3:PutObject", on=[answers], because="Each version of each photo has an answer of its own.")
        return step

    def persist_labels(self) -> StepFunction:
        environment = {"TABLE_NAME": self.table.table_name}
        step = StepFunction(self, "PersistLabels", layers=[self.powertools], environment=environment)
        step.allow("dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem", on=[self.table.table_arn])
        # To ask which version is the newest; a deleted photo answers 404 only with s3:ListBucket.
        step.allow("s3:GetObject", on=[self.images.arn_for_objects("*")], because=ANY_PHOTO)
        step.allow("s3:ListBucket", on=[self.images.bucket_arn])
        return step

    def publish_report(self) -> StepFunction:
        environment = {"TOPIC_ARN": self.reports.topic_arn}
        step = StepFunction(self, "PublishReport", layers=[self.powertools], environment=environment)
        step.allow("sns:Publish", on=[self.reports.topic_arn])
        return step

    def outputs(self) -> None:
        values = {
            "ImagesBucketName": self.images.bucket_name,
            "StateMachineArn": self.machine.state_machine_arn,
            "LabelsTableName": self.table.table_name,
            "ReportsTopicArn": self.reports.topic_arn,
            "AuditQueueUrl": self.audit_trail.queue_url,
            "AuditDeadLetterQueueUrl": self.audit_dead_letters.queue_url,
            "UndeliveredEventsQueueUrl": self.undelivered.queue_url,
            "OperatorsTopicArn": self.operators.topic_arn,
            "DashboardName": self.dashboard.dashboard_name,
        }
        for name, value in values.items():
            CfnOutput(self, name, value=value)
