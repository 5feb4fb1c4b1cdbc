"""The stack `ImageLabels`: what there is, how it is wired, and who may do what."""

from typing import Any

from aws_cdk import ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack
from constructs import Construct

from infra.alarms import Alarms
from infra.dashboard import dashboard
from infra.deletions import remove_on_delete
from infra.digest import gather, mail_as_html, mail_topic, reports_queue
from infra.intake import start_on_upload
from infra.lambda_function import LambdaFunction
from infra.layers import wheel_layer
from infra.operators import operators_topic
from infra.queue_function import work_through
from infra.queues import dead_letter_queue, reports_topic, sns_key, worked_queue
from infra.settings import Settings
from infra.storage import claims_table, images_bucket, labels_table, work_bucket
from infra.trail import ARCHIVE_BATCH, READABLE, record_ends
from infra.workflow import label_image

ANY_PHOTO = "People choose the keys of their photos, so it must be any object of this one bucket."
# Decoding the largest photo takes most of this (docs/images.md); it is also the most that a new account may ask for.
NORMALIZE_MEMORY_MB = 3008
NORMALIZE_TIMEOUT = Duration.seconds(90)
# A PNG of 10,000 pixels a side, the largest that Rekognition takes, is 400 MB when decoded.
DRAWING_MEMORY_MB = 2048


class ImageLabels(Stack):
    def __init__(self, scope: Construct, name: str, *, settings: Settings, **options: Any) -> None:
        prod = settings.stage == "prod"
        super().__init__(scope, name, termination_protection=prod, **options)
        self.settings = settings
        keep = RemovalPolicy.RETAIN if prod else RemovalPolicy.DESTROY
        self.images = images_bucket(self, removal_policy=keep)
        self.work = work_bucket(self)
        self.table = labels_table(self, removal_policy=keep)
        self.claims = claims_table(self, removal_policy=keep)
        key = sns_key(self)
        self.reports = reports_topic(self, key)
        self.mail = mail_topic(self, key, settings=settings)
        self.mail_dead_letters = dead_letter_queue(self, "MailDeadLetters", removal_policy=keep)
        self.audit_dead_letters = dead_letter_queue(self, "AuditDeadLetters", removal_policy=keep)
        self.audit_trail = worked_queue(self, "AuditTrail", self.audit_dead_letters, removal_policy=keep)
        self.removal_dead_letters = dead_letter_queue(self, "RemovalDeadLetters", removal_policy=keep)
        self.removals = worked_queue(self, "Removals", self.removal_dead_letters, removal_policy=keep)
        self.kept_events = dead_letter_queue(self, "UndeliveredEvents", removal_policy=keep)
        self.undelivered = worked_queue(self, "UndeliveredIntake", self.kept_events, removal_policy=keep)
        self.powertools = wheel_layer(self, "PowertoolsLayer", "powertools")
        self.imaging = wheel_layer(self, "ImagingLayer", "imaging")
        self.steps = [
            self.validate_image(),
            self.normalize_image(),
            self.detect_labels(),
            self.persist_labels(),
            self.publish_report(),
        ]
        self.machine = label_image(self, steps=self.steps, audit_trail=self.audit_trail, removals=self.removals)
        self.rule = start_on_upload(self, bucket=self.images, machine=self.machine, undelivered=self.undelivered)
        self.send_digest(removal_policy=keep)
        remove_on_delete(self, bucket=self.images, removals=self.removals, undelivered=self.undelivered)
        self.remove_labels()
        record_ends(self, machine=self.machine, trail=self.audit_trail, undelivered=self.undelivered)
        self.archive_audit()
        self.keep_undelivered()
        self.watch()
        self.outputs()

    def watch(self) -> None:
        self.operators = operators_topic(self, email=self.settings.operators_email or self.settings.report_email)
        dead_letters = [
            self.audit_dead_letters,
            self.mail_dead_letters,
            self.removal_dead_letters,
            self.kept_events,
            self.undelivered,
        ]
        alarms = Alarms(self, "Alarms", operators=self.operators)
        alarms.on_executions(self.machine)
        alarms.on_dead_letters(*dead_letters)
        alarms.on_audit_age(self.audit_trail)
        alarms.on_lost_events(self.rule)
        alarms.on_throttling()
        alarms.on_silence(self.rule, self.machine)
        queues = [self.audit_trail, self.reports_queue, *dead_letters]
        self.dashboard = dashboard(self, "Dashboard", machine=self.machine, rule=self.rule, queues=queues)

    def validate_image(self) -> LambdaFunction:
        environment = {"CLAIMS_TABLE_NAME": self.claims.table_name, **self.our_images()}
        step = LambdaFunction(self, "ValidateImage", layers=[self.powertools, self.imaging], environment=environment)
        # To notice that the same event started another execution for this version.
        step.allow("dynamodb:PutItem", on=[self.claims.table_arn])
        photos = self.images.arn_for_objects("*")
        step.allow("s3:GetObject", "s3:GetObjectVersion", on=[photos], because=ANY_PHOTO)
        # Without it S3 answers 403 for a key that does not exist, and the photo's owner would hear nothing.
        step.allow("s3:ListBucket", on=[self.images.bucket_arn])
        return step

    def normalize_image(self) -> LambdaFunction:
        environment = {"WORK_BUCKET": self.work.bucket_name}
        layers = [self.powertools, self.imaging]
        step = LambdaFunction(
            self,
            "NormalizeImage",
            layers=layers,
            environment=environment,
            memory_mb=NORMALIZE_MEMORY_MB,
            timeout=NORMALIZE_TIMEOUT,
        )
        step.allow("s3:GetObjectVersion", on=[self.images.arn_for_objects("*")], because=ANY_PHOTO)
        copies = self.work.arn_for_objects("normalized/*")
        step.allow("s3:PutObject", on=[copies], because="Each version of each photo has a copy of its own.")
        return step

    def detect_labels(self) -> LambdaFunction:
        environment = {
            "MAX_LABELS": str(self.settings.max_labels),
            "MIN_CONFIDENCE": str(self.settings.min_confidence),
            "WORK_BUCKET": self.work.bucket_name,
        }
        step = LambdaFunction(self, "DetectLabels", layers=[self.powertools], environment=environment)
        here = {"StringEquals": {"aws:RequestedRegion": self.region}}
        no_resource = "DetectLabels has no resource that could be named; the condition keeps it to this Region."
        step.allow("rekognition:DetectLabels", on=["*"], where=here, because=no_resource)
        # Rekognition reads the photo with this role, and always the pinned version.
        photos = self.images.arn_for_objects("*")
        step.allow("s3:GetObjectVersion", on=[photos], because=ANY_PHOTO)
        answers = self.work.arn_for_objects("detections/*")
        step.allow("s3:PutObject", on=[answers], because="Each version of each photo has an answer of its own.")
        copies = self.work.arn_for_objects("normalized/*")
        step.allow(
            "s3:GetObject", on=[copies], because="Rekognition reads the converted copy of any photo, if it has one."
        )
        return step

    def persist_labels(self) -> LambdaFunction:
        step = LambdaFunction(self, "PersistLabels", layers=[self.powertools], environment=self.tables())
        step.allow("dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem", on=[self.table.table_arn])
        # A removal in between leaves its mark there.
        step.allow("dynamodb:GetItem", "dynamodb:ConditionCheckItem", on=[self.claims.table_arn])
        # To ask which version is the newest; a deleted photo answers 404 only with s3:ListBucket.
        step.allow("s3:GetObject", on=[self.images.arn_for_objects("*")], because=ANY_PHOTO)
        step.allow("s3:ListBucket", on=[self.images.bucket_arn])
        return step

    def publish_report(self) -> LambdaFunction:
        environment = {"TOPIC_ARN": self.reports.topic_arn, **self.our_images()}
        step = LambdaFunction(self, "PublishReport", layers=[self.powertools], environment=environment)
        step.allow("sns:Publish", on=[self.reports.topic_arn])
        return step

    def send_digest(self, *, removal_policy: RemovalPolicy) -> None:
        window = Duration.seconds(self.settings.digest_seconds)
        step = self.html_mailer() if self.settings.report_sender else self.text_mailer()
        self.reports_queue = reports_queue(
            self, self.reports, dead_letters=self.mail_dead_letters, window=window, removal_policy=removal_policy
        )
        gather(step, self.reports_queue, window=window)

    def text_mailer(self) -> LambdaFunction:
        environment = {"MAIL_TOPIC_ARN": self.mail.topic_arn}
        step = LambdaFunction(self, "SendDigest", layers=[self.powertools], environment=environment)
        step.allow("sns:Publish", on=[self.mail.topic_arn])
        return step

    def html_mailer(self) -> LambdaFunction:
        environment = {
            "OPERATORS_EMAIL": self.settings.operators_email or self.settings.report_email,
            "REPORT_EMAIL": self.settings.report_email,
            "REPORT_SENDER": self.settings.report_sender,
        }
        layers = [self.powertools, self.imaging, wheel_layer(self, "HtmlLayer", "html")]
        step = LambdaFunction(self, "SendDigest", layers=layers, environment=environment, memory_mb=DRAWING_MEMORY_MB)
        mail_as_html(self, step, settings=self.settings)
        # For the picture: the photo, or the copy that Rekognition looked at, and the boxes.
        photos = self.images.arn_for_objects("*")
        step.allow("s3:GetObject", "s3:GetObjectVersion", on=[photos], because=ANY_PHOTO)
        kept = self.work.arn_for_objects("*")
        step.allow("s3:GetObject", on=[kept], because="Each version of each photo has a copy and an answer of its own.")
        # Without it S3 answers 403 for what is gone, and the report would not go out without a picture.
        step.allow("s3:ListBucket", on=[self.images.bucket_arn, self.work.bucket_arn])
        return step

    def remove_labels(self) -> None:
        environment = {
            "AUDIT_QUEUE_URL": self.audit_trail.queue_url,
            "STATE_MACHINE_ARN": self.machine.state_machine_arn,
            **self.our_images(),
        }
        step = LambdaFunction(self, "RemoveLabels", layers=[self.powertools], environment=self.tables() | environment)
        step.allow("dynamodb:Query", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", on=[self.table.table_arn])
        step.allow("dynamodb:GetItem", "dynamodb:PutItem", on=[self.claims.table_arn])
        # To ask which version is the newest; a deleted photo answers 404 only with s3:ListBucket.
        step.allow("s3:GetObject", on=[self.images.arn_for_objects("*")], because=ANY_PHOTO)
        step.allow("s3:ListBucket", on=[self.images.bucket_arn])
        # A version that became current again is labelled, unless its own execution runs.
        step.allow("states:StartExecution", on=[self.machine.state_machine_arn])
        executions = self.format_arn(
            service="states",
            resource="execution",
            resource_name=f"{self.machine.state_machine_name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        step.allow("states:DescribeExecution", on=[executions], because="Executions are named when they start.")
        step.allow("sqs:SendMessage", on=[self.audit_trail.queue_arn])
        work_through(step, self.removals)

    def archive_audit(self) -> None:
        environment = {
            "KEEP_RUNS_DAYS": str(self.settings.keep_runs_days),
            "TABLE_NAME": self.table.table_name,
            **self.our_images(),
        }
        step = LambdaFunction(self, "ArchiveAudit", layers=[self.powertools], environment=environment)
        step.allow("dynamodb:PutItem", on=[self.table.table_arn])
        work_through(step, self.audit_trail, batch_size=ARCHIVE_BATCH, window=READABLE)

    def keep_undelivered(self) -> None:
        environment = {
            "AUDIT_QUEUE_URL": self.audit_trail.queue_url,
            "UNDELIVERED_QUEUE_URL": self.kept_events.queue_url,
            **self.our_images(),
        }
        step = LambdaFunction(self, "KeepUndelivered", layers=[self.powertools], environment=environment)
        step.allow("sqs:SendMessage", on=[self.audit_trail.queue_arn, self.kept_events.queue_arn])
        work_through(step, self.undelivered)

    def our_images(self) -> dict[str, str]:
        """Return the setting by which a function knows photos of this stack from what a message calls one."""
        return {"IMAGES_BUCKET": self.images.bucket_name}

    def tables(self) -> dict[str, str]:
        return {"TABLE_NAME": self.table.table_name, "CLAIMS_TABLE_NAME": self.claims.table_name}

    def outputs(self) -> None:
        values = {
            "ImagesBucketName": self.images.bucket_name,
            "StateMachineArn": self.machine.state_machine_arn,
            "LabelsTableName": self.table.table_name,
            "ReportsTopicArn": self.reports.topic_arn,
            "MailTopicArn": self.mail.topic_arn,
            "ReportsQueueUrl": self.reports_queue.queue_url,
            "MailDeadLetterQueueUrl": self.mail_dead_letters.queue_url,
            "AuditQueueUrl": self.audit_trail.queue_url,
            "AuditDeadLetterQueueUrl": self.audit_dead_letters.queue_url,
            "UndeliveredEventsQueueUrl": self.kept_events.queue_url,
            "RemovalQueueUrl": self.removals.queue_url,
            "RemovalDeadLetterQueueUrl": self.removal_dead_letters.queue_url,
            "ClaimsTableName": self.claims.table_name,
            "OperatorsTopicArn": self.operators.topic_arn,
            "DashboardName": self.dashboard.dashboard_name,
        }
        for name, value in values.items():
            CfnOutput(self, name, value=value)
