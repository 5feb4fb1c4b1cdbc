"""The buckets of photos and of work objects, and the tables of labels and of claims."""

from typing import Any, NamedTuple

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from imagelabels_shared.library import LIBRARY
from imagelabels_shared.table.records import LABEL_INDEX
from imagelabels_shared.work_objects import ANSWERS, COPIES
from infra.lambda_function import LambdaFunction
from infra.nag import acknowledge
from infra.settings import Settings

WORK_LIFETIME = Duration.days(1)
# A failed run over the library can be redriven for 14 days, and reads its list again.
LIBRARY_LIFETIME = Duration.days(15)
# A photo that was overwritten or deleted by mistake can be brought back for a month.
OLD_VERSION_LIFETIME = Duration.days(30)
UPLOAD_LIFETIME = Duration.days(7)
ACCESS_LOGS = "CloudTrail's S3 data events record who read a photo; S3 delivers server access logs on best effort."
ANY_PHOTO = "People choose the keys of their photos: the permission is for every object of the images bucket."


class Storage(NamedTuple):
    """The buckets and tables; `photos` is the ARN of every photo: of objects whose keys begin with `prefix`.

    `key` is the ARN of the KMS key that encrypts a bucket of somebody else, or "".
    """

    images: s3.IBucket
    prefix: str
    key: str
    work: s3.Bucket
    labels: dynamodb.Table
    claims: dynamodb.Table

    @property
    def photos(self) -> str:
        return self.images.arn_for_objects(f"{self.prefix}*")

    def allow_reading(self, function: LambdaFunction, *actions: str) -> None:
        """Let a function read photos: `actions` on each, and decrypt them."""
        function.allow(*actions, on=[self.photos], because=ANY_PHOTO)
        if self.key:
            function.allow("kms:Decrypt", on=[self.key])


def make_storage(scope: Construct, *, settings: Settings, removal_policy: RemovalPolicy) -> Storage:
    """Make the tables and the buckets, but not a bucket of photos that is there already."""
    there = settings.images_bucket
    return Storage(
        images=s3.Bucket.from_bucket_name(scope, "Images", there)
        if there
        else images_bucket(scope, removal_policy=removal_policy),
        prefix=settings.images_prefix,
        key=settings.images_key_arn,
        work=work_bucket(scope),
        labels=labels_table(scope, removal_policy=removal_policy),
        claims=claims_table(scope, removal_policy=removal_policy),
    )


def images_bucket(scope: Construct, *, removal_policy: RemovalPolicy) -> s3.Bucket:
    """Make the versioned, private bucket of photos, which sends an event to EventBridge for each change."""
    bucket = _private_bucket(scope, "Images", removal_policy=removal_policy, versioned=True)
    # CDK's `event_bridge_enabled` adds a Lambda function as a custom resource; CloudFormation needs none.
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)  # noqa: S101  # narrows the type; an L2 bucket has one
    resource.add_property_override("NotificationConfiguration.EventBridgeConfiguration", {"EventBridgeEnabled": True})
    bucket.add_lifecycle_rule(
        abort_incomplete_multipart_upload_after=UPLOAD_LIFETIME,
        expired_object_delete_marker=True,
        noncurrent_version_expiration=OLD_VERSION_LIFETIME,
    )
    return bucket


def work_bucket(scope: Construct) -> s3.Bucket:
    """Make the bucket of an execution's files; a new execution writes them again."""
    bucket = _private_bucket(scope, "Work", removal_policy=RemovalPolicy.DESTROY)
    bucket.add_lifecycle_rule(abort_incomplete_multipart_upload_after=WORK_LIFETIME)
    for folder in (ANSWERS, COPIES):
        bucket.add_lifecycle_rule(expiration=WORK_LIFETIME, prefix=f"{folder}/")
    bucket.add_lifecycle_rule(expiration=LIBRARY_LIFETIME, prefix=f"{LIBRARY}/")
    return bucket


def _private_bucket(
    scope: Construct, name: str, *, removal_policy: RemovalPolicy, versioned: bool = False
) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        name,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        removal_policy=removal_policy,
        versioned=versioned,
    )
    acknowledge(bucket, "AwsSolutions::AwsSolutions-S1", because=ACCESS_LOGS)
    return bucket


def labels_table(scope: Construct, *, removal_policy: RemovalPolicy) -> dynamodb.Table:
    """Make the table of photos, labels and runs; the index `by-label` finds photos by label, sorted by confidence.

    DynamoDB deletes runs at `expires_at`; a photo and its labels do not have this attribute.
    """
    record = dynamodb.Attribute(name="record", type=dynamodb.AttributeType.STRING)
    table = _table(scope, "Labels", "image_id", removal_policy=removal_policy, sort_key=record)
    table.add_global_secondary_index(
        index_name=LABEL_INDEX,
        partition_key=dynamodb.Attribute(name="label", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="confidence", type=dynamodb.AttributeType.NUMBER),
    )
    return table


def claims_table(scope: Construct, *, removal_policy: RemovalPolicy) -> dynamodb.Table:
    """Make the table that says which execution labels which version, and when labels were removed, for three days."""
    return _table(scope, "Claims", "id", removal_policy=removal_policy)


def _table(scope: Construct, name: str, key: str, *, removal_policy: RemovalPolicy, **more: Any) -> dynamodb.Table:
    return dynamodb.Table(
        scope,
        name,
        partition_key=dynamodb.Attribute(name=key, type=dynamodb.AttributeType.STRING),
        deletion_protection=removal_policy is not RemovalPolicy.DESTROY,
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.AWS_MANAGED,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        removal_policy=removal_policy,
        time_to_live_attribute="expires_at",
        **more,
    )
