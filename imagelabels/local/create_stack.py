"""Creates the stack from a cloud assembly through CloudFormation, as `cdk deploy` does."""

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import WaiterError

from imagelabels.errors import UserError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

STACK = "ImageLabels"
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = "30"


def create_stack(session: boto3.Session, endpoint: str, assembly: Path) -> dict[str, str]:
    """Upload the assets, create the stack and return its outputs; raises UserError with CloudFormation's reason."""
    s3 = session.client("s3", endpoint_url=endpoint)
    account = session.client("sts", endpoint_url=endpoint).get_caller_identity()["Account"]
    bucket = f"cdk-hnb659fds-assets-{account}-{session.region_name}"
    s3.create_bucket(Bucket=bucket)
    # `cdk bootstrap` stores this version, and the template reads it.
    session.client("ssm", endpoint_url=endpoint).put_parameter(
        Name=BOOTSTRAP_PARAMETER, Value=BOOTSTRAP_VERSION, Type="String"
    )
    _upload_assets(s3, assembly, bucket)
    # CreateStack takes a template over 51,200 bytes only by its URL.
    s3.put_object(Bucket=bucket, Key="template.json", Body=(assembly / f"{STACK}.template.json").read_bytes())
    return _create(session.client("cloudformation", endpoint_url=endpoint), f"{endpoint}/{bucket}/template.json")


def _upload_assets(s3: "S3Client", assembly: Path, bucket: str) -> None:
    files = json.loads((assembly / f"{STACK}.assets.json").read_text())["files"]
    for asset in files.values():
        source = assembly / asset["source"]["path"]
        if asset["source"]["packaging"] == "zip":
            (destination,) = asset["destinations"].values()
            s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=_zip(source))


def _zip(folder: Path) -> bytes:
    """Return a zip of a folder with the mode of each file, so that `bootstrap` stays executable."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


def _create(cloudformation: "CloudFormationClient", url: str) -> dict[str, str]:
    cloudformation.create_stack(
        StackName=STACK, TemplateURL=url, Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    )
    try:
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
    except WaiterError as error:
        raise UserError(f"The local stack could not be created: {_reason(cloudformation)}") from error
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _reason(cloudformation: "CloudFormationClient") -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED")
    ]
    return "; ".join(failed) or "no reason given"
