"""The operators' topic, to which CloudWatch alarms publish."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.settings import addresses
from infra.topics import subscribe, topic

# The shortest that KMS allows; a key that is pending deletion costs nothing.
PENDING_WINDOW = Duration.days(7)
ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
]


def operators_topic(scope: Construct, *, email: str) -> sns.Topic:
    """Make the topic of the alarms; SNS asks each address in `email` by mail to confirm."""
    operators = topic(scope, "Operators", key=_alarm_key(scope), display_name="Image Labels alarms")
    operators.add_to_resource_policy(_allow_alarms(["sns:Publish"], [operators.topic_arn]))
    for address in addresses(email):
        subscribe(operators, address)
    return operators


def _alarm_key(scope: Construct) -> kms.Key:
    """Make a customer managed key: CloudWatch may not use the key that AWS manages for SNS (`aws/sns`)."""
    account = iam.AccountRootPrincipal()
    administer = iam.PolicyStatement(principals=[account], actions=ADMINISTRATION, resources=["*"])
    use = _allow_alarms(["kms:Decrypt", "kms:GenerateDataKey"], ["*"])
    return kms.Key(
        scope,
        "AlarmKey",
        description="Encrypts what alarms tell the operators of Image Labels",
        enable_key_rotation=True,
        pending_window=PENDING_WINDOW,
        policy=iam.PolicyDocument(statements=[administer, use]),
        removal_policy=RemovalPolicy.DESTROY,
    )


def _allow_alarms(actions: list[str], resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=actions,
        resources=resources,
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
