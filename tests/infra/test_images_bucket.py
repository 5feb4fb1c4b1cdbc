"""A bucket that is there already: what a deploy asks of it, what it says, and that it changes nothing else."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from imagelabels.deploy.images_bucket import check
from imagelabels.errors import UserError
from infra.settings import Settings
from tests.infra.test_stack import environment
from tests.moto_aws import mocked
from tests.synthesis import Synthesize, of_type
from tools.permissions import permissions

BUCKET = "my-photos"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mocked():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


def lines(*, enable_events: bool = False, **settings: str) -> list[str]:
    values = {"imagesBucket": BUCKET, "imagesKeyArn": "", **settings}
    return list(check(boto3.Session(region_name="us-east-1"), values, enable_events=enable_events))


@pytest.mark.usefixtures("s3")
def test_what_the_bucket_lacks_is_said_with_the_command_that_mends_it() -> None:
    versions, events = lines()
    assert f"aws s3api put-bucket-versioning --bucket {BUCKET} --versioning-configuration Status=Enabled" in versions
    assert "--enable-events" in events


def test_a_bucket_that_is_not_there_or_elsewhere_is_refused(s3: Any) -> None:
    with pytest.raises(UserError, match="There is no bucket nobodys"):
        lines(imagesBucket="nobodys")
    place: Any = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration=place)
    with pytest.raises(UserError, match=r"is in eu-west-1, .* set AWS_REGION=eu-west-1"):
        lines(imagesBucket="elsewhere")


def test_a_key_of_yours_must_be_named(s3: Any) -> None:
    encrypted = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": encrypted}]}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=rules)
    with pytest.raises(UserError, match=f"add imagesKeyArn={KEY}"):
        lines()
    assert len(lines(imagesKeyArn=KEY)) == 2


def test_the_stacks_own_bucket_is_not_looked_at() -> None:
    assert lines(imagesBucket="") == []
    with pytest.raises(UserError, match="--enable-events is for a bucket that is there already"):
        lines(imagesBucket="", enable_events=True)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"imagesBucket": "s3://my-photos/2024"}, "imagesBucket must be the name of a bucket"),
        ({"imagesPrefix": "*"}, "imagesPrefix must not have"),
        ({"imagesPrefix": "a" * 1024}, "imagesPrefix is longer than a key may be"),
        ({"imagesBucket": BUCKET, "imagesKeyArn": "alias/mine"}, "imagesKeyArn must be the ARN of a KMS key"),
        ({"imagesKeyArn": KEY}, "imagesKeyArn needs the imagesBucket"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings.from_values(settings)


@pytest.fixture(scope="module")
def imported(synthesize: Synthesize) -> dict[str, Any]:
    """Return the template of a stack whose photos are under a prefix of an encrypted bucket."""
    return synthesize(inspected=True, imagesBucket=BUCKET, imagesPrefix="2024/", imagesKeyArn=KEY).template


def test_the_bucket_is_not_of_the_stack(imported: dict[str, Any]) -> None:
    assert len(of_type(imported, "AWS::S3::Bucket")) == 1
    assert not any(policy["Bucket"] == BUCKET for policy in of_type(imported, "AWS::S3::BucketPolicy"))
    assert imported["Outputs"]["ImagesBucketName"]["Value"] == BUCKET
    assert environment(imported, "start_photos")["IMAGES_BUCKET"] == BUCKET


def test_the_rules_match_the_prefix(imported: dict[str, Any]) -> None:
    details = [rule.get("EventPattern", {}).get("detail", {}) for rule in of_type(imported, "AWS::Events::Rule")]
    of_s3 = [detail for detail in details if "bucket" in detail]
    assert of_s3 == [{"bucket": {"name": [BUCKET]}, "object": {"key": [{"prefix": "2024/"}]}}] * 3


def test_photos_are_read_under_the_prefix_and_decrypted_with_that_key_alone(imported: dict[str, Any]) -> None:
    rows = permissions(imported)
    read = {row.resource for row in rows if row.action.startswith("s3:GetObject") and BUCKET in row.resource}
    assert read == {f"arn:AWS::Partition:s3:::{BUCKET}/2024/*"}
    decrypt = {(row.who, row.resource) for row in rows if row.action == "kms:Decrypt" and row.who.endswith("Role")}
    steps = ("DetectLabels", "NormalizeImage", "ValidateImage")
    assert {row for row in decrypt if row[1] == KEY} == {(f"{step}Role", KEY) for step in steps}
