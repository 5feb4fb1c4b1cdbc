"""The stack that a command talks to: the local one when it is up, otherwise the one on AWS."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from imagelabels.errors import UserError
from imagelabels.local import lock
from imagelabels.paths import HOME, OUTPUTS

STACK = "ImageLabels"


@dataclass(frozen=True)
class Connection:
    """A session, the stack's outputs by name, and the endpoint of a local stack (None on AWS)."""

    session: boto3.Session
    outputs: dict[str, str]
    endpoint: str | None = None

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.endpoint)  # type: ignore[call-overload]  # by name

    def table(self) -> Any:
        resource = self.session.resource("dynamodb", endpoint_url=self.endpoint)
        return resource.Table(self.outputs["LabelsTableName"])


def connect(outputs: Path = HOME / OUTPUTS) -> Connection:
    """Find the stack; raises UserError when there is none, or no way to ask."""
    return local(outputs) or on_aws(own_session())


def own_session() -> boto3.Session:
    """Return a session with the credentials and the region of this shell."""
    # boto3 reads AWS_DEFAULT_REGION only; the AWS command line and the other SDKs go by AWS_REGION.
    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def local(outputs: Path) -> Connection | None:
    """Return the local stack that wrote `outputs`, None when it is not up."""
    # Not whether its port answers: after a crash, that may be anybody's.
    if not lock.lives(outputs.parent) or not outputs.exists():
        return None
    values = json.loads(outputs.read_text())
    session = boto3.Session(values["accessKeyId"], values["secretAccessKey"], region_name=values["region"])
    return Connection(session, values, values["endpoint"])


def on_aws(session: boto3.Session) -> Connection:
    """Return the deployed stack; raises UserError when there is no region or no stack, botocore's error otherwise."""
    if not session.region_name:
        raise UserError("No region is set: set AWS_REGION, or start a local stack with `make run`.")
    try:
        (stack,) = session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise UserError(
            f"There is no stack {STACK} in {session.region_name}: deploy it, set AWS_REGION, or use `make run`."
        ) from error
    return Connection(session, {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]})
