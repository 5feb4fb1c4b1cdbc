"""Labelling: the five steps of the workflow and the state machine that invokes them."""

import json
from dataclasses import asdict

from aws_cdk import Duration, Stack
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from detect_labels import environment as detecting
from imagelabels_shared.turns.item import DETECT_LABELS
from infra.label_filters import confidences
from infra.lambda_function import TIMEOUT, LambdaFunction
from infra.settings import Settings
from infra.storage import ANY_PHOTO, Storage
from infra.workflow import ANY_EXECUTION, executions, label_image
from normalize_image import environment as normalizing
from persist_labels.environment import PersistLabelsEnvironment
from publish_report.environment import EnvironmentWithConsole, PublishReportEnvironment
from validate_image import environment as validating

# Decoding the largest photo takes most of this (docs/images.md); a new account may not have functions with more.
NORMALIZE_MEMORY_MB = 3008
NORMALIZE_TIMEOUT = Duration.seconds(90)
# Each of the two calls may take two attempts of ten seconds.
DETECT_BOTH_TIMEOUT = Duration.seconds(50)


def make_labelling(
    scope: Construct,
    *,
    storage: Storage,
    settings: Settings,
    reports: sns.Topic,
    audit_trail: sqs.Queue,
    removals: sqs.Queue,
) -> sfn.StateMachine:
    steps = [
        validate_image(scope, storage=storage, settings=settings),
        normalize_image(scope, storage=storage, settings=settings),
        detect_labels(scope, storage=storage, settings=settings),
        persist_labels(scope, storage=storage),
        publish_report(scope, storage=storage, settings=settings, reports=reports),
    ]
    return label_image(scope, steps=steps, audit_trail=audit_trail, removals=removals)


def validate_image(scope: Construct, *, storage: Storage, settings: Settings) -> LambdaFunction:
    claims, photos, model = storage.claims.table_name, storage.images.bucket_name, settings.custom_labels_model
    environment = validating.ValidateImageEnvironment(claims_table_name=claims, images_bucket=photos)
    if model:
        environment = validating.EnvironmentWithCustomLabels(
            claims_table_name=claims, images_bucket=photos, custom_labels_model=model
        )
    step = LambdaFunction(scope, "ValidateImage", environment=environment, layers=("powertools", "imaging"))
    # A claim shows that the same event started another execution for this version; one that failed does not count.
    step.allow("dynamodb:PutItem", on=[storage.claims.table_arn])
    step.allow("states:DescribeExecution", on=[executions(scope)], because=ANY_EXECUTION)
    storage.allow_reading(step, "s3:GetObject", "s3:GetObjectVersion")
    # Without s3:ListBucket S3 answers 403 for a key that does not exist, which would be a failure, not a rejection.
    step.allow("s3:ListBucket", on=[storage.images.bucket_arn])
    return step


def normalize_image(scope: Construct, *, storage: Storage, settings: Settings) -> LambdaFunction:
    work, model = storage.work.bucket_name, settings.custom_labels_model
    environment = normalizing.NormalizeImageEnvironment(work_bucket=work)
    if model:
        environment = normalizing.EnvironmentWithCustomLabels(work_bucket=work, custom_labels_model=model)
    step = LambdaFunction(
        scope,
        "NormalizeImage",
        environment=environment,
        layers=("powertools", "imaging"),
        memory_mb=NORMALIZE_MEMORY_MB,
        timeout=NORMALIZE_TIMEOUT,
    )
    storage.allow_reading(step, "s3:GetObjectVersion")
    copies = storage.work.arn_for_objects("normalized/*")
    step.allow("s3:PutObject", on=[copies], because="Each version of a photo has its own copy.")
    return step


def detect_labels(scope: Construct, *, storage: Storage, settings: Settings) -> LambdaFunction:
    model = settings.custom_labels_model
    environment = detecting.DetectLabelsEnvironment(
        backfill_share=settings.backfill_share,
        claims_table_name=storage.claims.table_name,
        label_confidence=json.dumps(confidences("labelConfidence", settings.label_confidence)),
        label_filters=json.dumps(settings.general_labels()),
        max_labels=settings.max_labels,
        min_confidence=settings.min_confidence,
        rekognition_per_second=settings.photos_per_second,
        work_bucket=storage.work.bucket_name,
    )
    if model:
        environment = detecting.EnvironmentWithCustomLabels(**asdict(environment), custom_labels_model=model)
    timeout = DETECT_BOTH_TIMEOUT if model else TIMEOUT
    step = LambdaFunction(scope, "DetectLabels", environment=environment, timeout=timeout)
    if settings.image_properties:
        step.also_set(detecting.WithImageProperties(image_properties="true"))
    if model:
        step.allow("rekognition:DetectCustomLabels", on=[model])
    this_region = {"StringEquals": {"aws:RequestedRegion": Stack.of(scope).region}}
    no_resource = "IAM has no resource for DetectLabels; a condition limits the permission to this Region."
    step.allow("rekognition:DetectLabels", on=["*"], where=this_region, because=no_resource)
    # A photo takes its turn in one item of the table of claims.
    turns = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [DETECT_LABELS]}}
    step.allow("dynamodb:UpdateItem", on=[storage.claims.table_arn], where=turns)
    # Rekognition reads a pinned version with the permissions of this role. AWS's page for it names s3:GetObject alone
    # (docs/decisions/2026-11-25-rekognition-reads.md).
    storage.allow_reading(step, "s3:GetObject", "s3:GetObjectVersion")
    answers = storage.work.arn_for_objects("detections/*")
    step.allow("s3:PutObject", on=[answers], because="Each version of a photo has its own answer.")
    copies = storage.work.arn_for_objects("normalized/*")
    step.allow("s3:GetObject", on=[copies], because="Rekognition reads the converted copy of a photo that has one.")
    return step


def persist_labels(scope: Construct, *, storage: Storage) -> LambdaFunction:
    environment = PersistLabelsEnvironment(
        claims_table_name=storage.claims.table_name, table_name=storage.labels.table_name
    )
    step = LambdaFunction(scope, "PersistLabels", environment=environment)
    step.allow("dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem", on=[storage.labels.table_arn])
    # A removal writes its mark into the table of claims.
    step.allow("dynamodb:GetItem", "dynamodb:ConditionCheckItem", on=[storage.claims.table_arn])
    # To find the newest version; S3 answers 404 for a deleted photo only with s3:ListBucket.
    step.allow("s3:GetObject", on=[storage.photos], because=ANY_PHOTO)
    step.allow("s3:ListBucket", on=[storage.images.bucket_arn])
    return step


def publish_report(scope: Construct, *, storage: Storage, settings: Settings, reports: sns.Topic) -> LambdaFunction:
    bucket, topic, console = storage.images.bucket_name, reports.topic_arn, settings.console_url
    environment = PublishReportEnvironment(images_bucket=bucket, topic_arn=topic)
    if console:
        environment = EnvironmentWithConsole(images_bucket=bucket, topic_arn=topic, console_url=console)
    step = LambdaFunction(scope, "PublishReport", environment=environment)
    step.allow("sns:Publish", on=[reports.topic_arn])
    return step
