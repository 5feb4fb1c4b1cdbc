"""The local SES asks for ses:SendRawEmail when a mail has attachments, on the sender's identity."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from imagelabels.local.engine import Engine, bare

SENDER = "labels@example.com"
ATTACHMENT = {
    "RawContent": b"a picture",
    "FileName": "photo.jpg",
    "ContentType": "image/jpeg",
    "ContentDisposition": "INLINE",
    "ContentId": "photo",
    "ContentTransferEncoding": "BASE64",
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with bare(tmp_path_factory.mktemp("bare")) as engine:
        session, endpoint = engine.session, engine.endpoint
        session.client("sesv2", endpoint_url=endpoint).create_email_identity(EmailIdentity=SENDER)
        yield engine


def send(aws: Engine, allowed: str, *attachments: dict[str, Any], identity: str = SENDER) -> None:
    """Send a mail as a new user who may do one action with one identity."""
    iam, user = aws.session.client("iam", endpoint_url=aws.endpoint), f"sender-{allowed[4:]}-{identity[:3]}"
    if user not in {one["UserName"] for one in iam.list_users()["Users"]}:
        iam.create_user(UserName=user)
    resource = f"arn:aws:ses:us-east-1:000000000000:identity/{identity}"
    statement = {"Effect": "Allow", "Action": allowed, "Resource": resource}
    iam.put_user_policy(UserName=user, PolicyName="mail", PolicyDocument=json.dumps({"Statement": [statement]}))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    text = {"Data": "text"}
    content: Any = {"Subject": text, "Body": {"Text": text, "Html": text}, "Attachments": list(attachments)}
    session.client("sesv2", endpoint_url=aws.endpoint).send_email(
        FromEmailAddress=f"Image Labels <{SENDER}>",
        Destination={"ToAddresses": ["you@example.com"]},
        Content={"Simple": content},
    )


def test_a_mail_without_attachments_needs_send_email(aws: Engine) -> None:
    send(aws, "ses:SendEmail")
    with pytest.raises(ClientError, match="AccessDenied"):
        send(aws, "ses:SendRawEmail")


def test_a_mail_with_an_attachment_needs_send_raw_email(aws: Engine) -> None:
    send(aws, "ses:SendRawEmail", ATTACHMENT)
    with pytest.raises(ClientError, match="AccessDenied"):
        send(aws, "ses:SendEmail", ATTACHMENT)


def test_another_identity_is_not_enough(aws: Engine) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        send(aws, "ses:SendEmail", identity="other@example.com")
