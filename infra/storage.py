"""Where photos, intermediate files and labels are kept."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

WORK_LIFETIME = Duration.days(1)


def images_bucket(scope: Construct, *, removal_policy: RemovalPolicy) -> s3.Bucket:
    """Make the versioned, private bucket for photos, which tells EventBridge of every new object."""
    bucket = _private_bucket(scope, "Images", removal_policy=removal_policy, versioned=True)
    # The L2 property `event_bridge_enabled` would add a custom-resource Lambda; CloudFormation does it natively.
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)  # noqa: S101  # narrows the type; an L2 bucket has one
    resource.add_property_override("NotificationConfiguration.EventBridgeConfiguration", {"EventBridgeEnabled": True})
    return bucket


def work_bucket(scope: Construct) -> s3.Bucket:
    """Make the bucket for what a run leaves behind: everything in it is made again by a restart."""
    bucket = _private_bucket(scope, "Work", removal_policy=RemovalPolicy.DESTROY)
    bucket.add_lifecycle_rule(expiration=WORK_LIFETIME, abort_incomplete_multipart_upload_after=WORK_LIFETIME)
    return bucket


def _private_bucket(
    scope: Construct, name: str, *, removal_policy: RemovalPolicy, versioned: bool = False
) -> s3.Bucket:
    return s3.Bucket(
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


def labels_table(scope: Construct, *, removal_policy: RemovalPolicy) -> dynamodb.Table:
    """Make the one table; `by-label` answers which photos show a label, the surest first."""
    table = dynamodb.Table(
        scope,
        "Labels",
        partition_key=dynamodb.Attribute(name="image_id", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="record", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.AWS_MANAGED,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        removal_policy=removal_policy,
    )
    table.add_global_secondary_index(
        index_name="by-label",
        partition_key=dynamodb.Attribute(name="label", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="confidence", type=dynamodb.AttributeType.NUMBER),
    )
    return table


def claims_table(scope: Construct) -> dynamodb.Table:
    """Make the table of who labels which version, and of removals: for three days, after which nobody asks."""
    return dynamodb.Table(
        scope,
        "Claims",
        partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.AWS_MANAGED,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        removal_policy=RemovalPolicy.DESTROY,
        time_to_live_attribute="expires_at",
    )
