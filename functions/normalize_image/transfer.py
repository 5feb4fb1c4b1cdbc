"""Downloading the original from the images bucket, and uploading the copy to the work bucket."""

import shutil
from pathlib import Path

from botocore.exceptions import ClientError

from imagelabels_shared.aws import aws_call, client, object_arn
from imagelabels_shared.models import Image, ObjectReference
from imagelabels_shared.object_versions import rejection


def download(image: Image, path: Path) -> None:
    """Save the pinned version as a file. Raises what `rejection` returns and what `aws_call` raises."""
    bucket, key, version = image["bucket"], image["key"], image["versionId"]
    try:
        with aws_call("s3:GetObjectVersion", object_arn(bucket, key)), path.open("wb") as file:
            answer = client("s3").get_object(Bucket=bucket, Key=key, VersionId=version)
            shutil.copyfileobj(answer["Body"], file)
    except ClientError as error:
        raise rejection(error, "The photo was deleted before it could be converted. Upload it again.") from error


def upload(path: Path, target: ObjectReference) -> None:
    """Store the copy. Raises what `aws_call` raises."""
    bucket, key = target["bucket"], target["key"]
    with aws_call("s3:PutObject", object_arn(bucket, key)), path.open("rb") as file:
        client("s3").put_object(Bucket=bucket, Key=key, Body=file, ContentType="image/jpeg")
