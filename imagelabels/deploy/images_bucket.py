"""A bucket of photos that is there already (imagesBucket): what a deploy needs of it, and what it lacks."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.stack.notifications import NOTIFICATIONS_TAKE

MISSING, DENIED = {"404", "NoSuchBucket"}, {"403", "AccessDenied"}
UNENCRYPTED = "ServerSideEncryptionConfigurationNotFoundError"
KMS = ("aws:kms", "aws:kms:dsse")
EVENTS = "EventBridgeConfiguration"


def check(session: boto3.Session, settings: dict[str, str], *, enable_events: bool) -> Iterator[str]:
    """Yield a line for each thing that the bucket lacks, with the command that mends it; nothing for the stack's own.

    Turn EventBridge on when `enable_events` says so. Raises UserError for a bucket that the stack could not use.
    """
    bucket = settings["imagesBucket"]
    if not bucket:
        if enable_events:
            raise UserError("--enable-events is for a bucket that is there already: SETTINGS=imagesBucket=...")
        return
    s3 = session.client("s3")
    _require_region(s3, bucket, str(session.region_name))
    _require_key(_asked(lambda: _key(s3, bucket)), bucket, settings["imagesKeyArn"])
    if _asked(lambda: s3.get_bucket_versioning(Bucket=bucket).get("Status", "")) != "Enabled":
        yield (
            f"{bucket} keeps no versions: of two uploads of one key at the same time, only the later one is labelled. "
            f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
        )
    if enable_events:
        yield turn_on_events(s3, bucket)
    elif EVENTS not in (_asked(lambda: s3.get_bucket_notification_configuration(Bucket=bucket)) or {}):
        yield (
            f"{bucket} does not tell EventBridge of new photos, so that only `imagelabels backfill` labels any: "
            "deploy with --enable-events (ENABLE_EVENTS=1)."
        )


def turn_on_events(s3: Any, bucket: str) -> str:
    """Turn EventBridge on and keep all other notifications; return a line about it. Raises botocore's errors."""
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    if EVENTS in found:
        return f"{bucket} tells EventBridge of new photos already."
    kept = {name: value for name, value in found.items() if name != "ResponseMetadata"}
    # The destinations of the other notifications are what they were, and are not tried again.
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={**kept, EVENTS: {}}, SkipDestinationValidation=True
    )
    minutes = int(NOTIFICATIONS_TAKE.total_seconds() // 60)
    return f"{bucket} tells EventBridge of new photos from now on; S3 takes about {minutes} minutes."


def _require_region(s3: Any, bucket: str, region: str) -> None:
    try:
        there = s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", region)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        # S3 answers 301 with the bucket's region in a header.
        there = error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region", region)
        if code in MISSING:
            raise UserError(f"There is no bucket {bucket}.") from error
        if there == region:
            raise UserError(f"You may not look at the bucket {bucket} ({code}): is it of this account?") from error
    if there != region:
        raise UserError(
            f"The bucket {bucket} is in {there}, and Rekognition reads photos of its own region alone: set "
            f"AWS_REGION={there}."
        )


def _require_key(key: str | None, bucket: str, given: str) -> None:
    """Raise UserError when the bucket encrypts with a KMS key that was not named."""
    if key and key != given:
        named = key if key.startswith("arn:") else f"the ARN of {key}"
        raise UserError(f"The bucket {bucket} encrypts with a KMS key: add imagesKeyArn={named} to SETTINGS.")


def _key(s3: Any, bucket: str) -> str:
    """Return the customer managed key of the bucket, "" for S3's own keys: any role of the account may use those."""
    try:
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    except ClientError as error:
        if error.response["Error"]["Code"] != UNENCRYPTED:
            raise
        return ""
    found = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
    return next((one.get("KMSMasterKeyID", "") for one in found if one.get("SSEAlgorithm") in KMS), "")


def _asked(ask: Callable[[], Any]) -> Any:
    """Return an answer about the bucket, None when the person who deploys may not ask."""
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
        return None
